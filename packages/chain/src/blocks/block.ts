import type { Hex } from '@witan/protocol'
import { type BlockTag, type Rpc, type RpcRequestOptions, toBlockParameter } from '../rpc/rpc.js'

export interface Block {
  readonly number: number
  readonly hash: Hex
  readonly parentHash: Hex
  /** Unix seconds. */
  readonly timestamp: number
}

interface RpcBlock {
  readonly number: string
  readonly hash: Hex
  readonly parentHash: Hex
  readonly timestamp: string
}

/** The block, or undefined when the endpoint does not have it (yet, or any more). */
export async function readBlock(rpc: Rpc, block: BlockTag, options?: RpcRequestOptions): Promise<Block | undefined> {
  const found = await rpc.request<RpcBlock | null>('eth_getBlockByNumber', [toBlockParameter(block), false], options)
  if (found === null) return undefined
  const { hash, parentHash } = found
  return { number: Number(found.number), hash, parentHash, timestamp: Number(found.timestamp) }
}

export async function readLatestBlock(rpc: Rpc, options?: RpcRequestOptions): Promise<Block> {
  const block = await readBlock(rpc, 'latest', options)
  if (block === undefined) throw new Error('an endpoint answered without a latest block')
  return block
}
