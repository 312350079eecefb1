import type { Rpc, RpcRequestOptions } from '../rpc/rpc.js'
import { readBlock, readLatestBlock } from './block.js'

/** Number of the first block at or after `timestamp` (unix seconds); the newest when there is none yet. */
export async function findBlockAt(rpc: Rpc, timestamp: number, options?: RpcRequestOptions): Promise<number> {
  const latest = await readLatestBlock(rpc, options)
  let low = 0
  let high = latest.number
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const block = await readBlock(rpc, middle, options)
    // An endpoint without old blocks: it cannot be earlier than those it has.
    if (block === undefined || block.timestamp < timestamp) low = middle + 1
    else high = middle
  }
  return low
}
