import { type Hex, isWitanError } from '@witan/protocol'
import type { Rpc } from '../rpc/rpc.js'
import { RpcRejection } from '../rpc/rpc-rejection.js'

export type BroadcastOutcome =
  /** In the pool. */
  | { readonly kind: 'accepted' }
  /** The endpoint says that the nonce is used: by this transaction, or by another. */
  | { readonly kind: 'used' }
  /** Nobody answered, or not at the first try: it may or may not have arrived. */
  | { readonly kind: 'unknown'; readonly error: Error }
  /** The endpoint does not take it. */
  | { readonly kind: 'refused'; readonly error: RpcRejection }

/** Wordings of geth, erigon, nethermind, besu, reth and anvil. */
const KNOWN = /already known|already imported|\bknown transaction|alreadyknown/i
const NONCE_USED = /nonce too low|nonce is too low|oldnonce/i

export async function broadcast(rpc: Rpc, raw: Hex): Promise<BroadcastOutcome> {
  try {
    await rpc.request('eth_sendRawTransaction', [raw])
    return { kind: 'accepted' }
  } catch (error) {
    if (error instanceof RpcRejection) {
      if (KNOWN.test(error.reason)) return { kind: 'accepted' }
      if (NONCE_USED.test(error.reason)) return { kind: 'used' }
      return error.isRepeated ? { kind: 'unknown', error } : { kind: 'refused', error }
    }
    if (isWitanError(error, 'RPC_UNAVAILABLE')) return { kind: 'unknown', error }
    throw error
  }
}
