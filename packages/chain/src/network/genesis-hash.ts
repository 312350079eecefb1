import type { Hex } from '@witan/protocol'
import { readBlock } from '../blocks/block.js'
import type { Rpc } from '../rpc/rpc.js'

/** Hash of block 0: two chains may share an id, not this. Throws `RPC_UNAVAILABLE`. */
export async function readGenesisHash(rpc: Rpc, signal?: AbortSignal): Promise<Hex> {
  const genesis = await readBlock(rpc, 0, { signal })
  if (genesis === undefined) throw new Error('an endpoint has no block 0')
  return genesis.hash
}
