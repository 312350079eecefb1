import type { Address, Hex } from '@witan/protocol'

/** What stands on chain for an operator. */
export interface AnnouncedEntry {
  readonly digest: Hex
  readonly seq: number
}

/**
 * The policy of a bootstrap peer: it keeps exactly the record that its operator announced on chain. Only registered
 * operators can announce, so strangers cannot fill the store.
 */
export function acceptAnnounced(announced: (operator: Address) => Promise<AnnouncedEntry | undefined>) {
  return async (operator: Address, digest: Hex, seq: number): Promise<boolean> => {
    const entry = await announced(operator)
    return entry !== undefined && entry.digest === digest && entry.seq === seq
  }
}
