import type { Address } from '@witan/protocol'
import type { Clock } from '@witan/runtime'

export interface PenaltyOptions {
  readonly strikes: number
  readonly penaltyMs: number
}

interface Entry {
  strikes: number
  untilMs: number
}

/** Entries kept; a peer can only add its own, and needs a key and a handshake for each. */
const MAX_ENTRIES = 1024

/** Counts what peers did wrong. At the limit a peer is refused for a while; strikes are forgotten after as long. */
export class PenaltyBox {
  readonly #options: PenaltyOptions
  readonly #clock: Pick<Clock, 'monotonicMs'>
  readonly #entries = new Map<Address, Entry>()

  constructor(options: PenaltyOptions, { clock }: { clock: Pick<Clock, 'monotonicMs'> }) {
    this.#options = options
    this.#clock = clock
  }

  /** Returns true when this strike is the last one. */
  strike(operator: Address): boolean {
    const nowMs = this.#clock.monotonicMs()
    const known = this.#entries.get(operator)
    const strikes = known !== undefined && known.untilMs > nowMs ? known.strikes + 1 : 1
    this.#entries.delete(operator)
    this.#entries.set(operator, { strikes, untilMs: nowMs + this.#options.penaltyMs })
    if (this.#entries.size > MAX_ENTRIES) this.#dropOldest()
    return strikes >= this.#options.strikes
  }

  isRefused(operator: Address): boolean {
    const entry = this.#entries.get(operator)
    return entry !== undefined && entry.strikes >= this.#options.strikes && entry.untilMs > this.#clock.monotonicMs()
  }

  #dropOldest(): void {
    const oldest = this.#entries.keys().next()
    if (!oldest.done) this.#entries.delete(oldest.value)
  }
}
