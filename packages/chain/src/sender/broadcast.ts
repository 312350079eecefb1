import { type Hex, isWitanError } from '@witan/protocol'
import type { Rpc } from '../rpc/rpc.js'
import { RpcRejection } from '../rpc/rpc-rejection.js'

export type BroadcastOutcome =
  /** In the pool, or mined already. */
  | { readonly kind: 'accepted' }
  /** Nobody answered: it may or may not have arrived. */
  | { readonly kind: 'unknown'; readonly error: Error }
  /** The endpoint does not take it. */
  | { readonly kind: 'refused'; readonly error: RpcRejection }

/** Wordings of geth, erigon, nethermind, besu, reth and anvil. A nonce that is too low means that it was mined, or lost. */
const TAKEN_BEFORE =
  /already known|already imported|known transaction|alreadyknown|nonce too low|nonce is too low|oldnonce/i

export async function broadcast(rpc: Rpc, raw: Hex): Promise<BroadcastOutcome> {
  try {
    await rpc.request('eth_sendRawTransaction', [raw])
    return { kind: 'accepted' }
  } catch (error) {
    if (error instanceof RpcRejection) {
      return TAKEN_BEFORE.test(error.reason) ? { kind: 'accepted' } : { kind: 'refused', error }
    }
    if (isWitanError(error, 'RPC_UNAVAILABLE')) return { kind: 'unknown', error }
    throw error
  }
}
