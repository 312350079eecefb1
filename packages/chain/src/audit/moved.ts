/** What a ledger has for something that leaves, and what the event tells: they must be equal. */
export interface Moved {
  readonly rebuilt: readonly unknown[]
  readonly told: readonly unknown[]
}
