import { type Address, bytesToHex, type Hex, recordDigest, type SignedRecord } from '@witan/protocol'

export interface FindPeerModules {
  /** The records this node keeps for others. */
  readonly store: { get(operator: Address): SignedRecord | undefined }
  /** What other bootstrap peers keep. */
  readonly records: { resolve(operator: Address, signal?: AbortSignal): Promise<readonly string[]> }
  /** Digest of the operator's record on chain. */
  announcedDigest(operator: Address): Promise<Hex | undefined>
}

/**
 * Where an operator can be reached, for a node that keeps records itself: from its own store while the record there is
 * the one on chain, else from other bootstrap peers. Throws `RECORD_NOT_FOUND`.
 */
export function createPeerFinder({ store, records, announcedDigest }: FindPeerModules) {
  return async (operator: Address, signal: AbortSignal): Promise<readonly string[]> => {
    const kept = store.get(operator)
    if (kept !== undefined && bytesToHex(recordDigest(kept)) === (await announcedDigest(operator)))
      return kept.multiaddrs
    return records.resolve(operator, signal)
  }
}
