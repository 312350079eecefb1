import { type Hex, WitanError } from '@witan/protocol'
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

/** The block of this number, which must be the one of that hash. Throws `BLOCK_REPLACED`. */
export async function readSameBlock(
  rpc: Rpc,
  { number, hash }: Pick<Block, 'number' | 'hash'>,
  options?: RpcRequestOptions,
): Promise<Block> {
  const found = await readBlock(rpc, number, options)
  if (found?.hash === hash) return found
  throw new WitanError('BLOCK_REPLACED', 'A block was replaced while it was read', {
    facts: { block: number, hash, found: found?.hash ?? 'none' },
  })
}

/** Hash of block 0: what tells apart two chains of one chain id. */
export async function genesisHashOf(rpc: Rpc, signal?: AbortSignal): Promise<Hex> {
  const block = await readBlock(rpc, 0, { signal })
  if (block === undefined) throw missing('block 0')
  return block.hash
}

export async function readLatestBlock(rpc: Rpc, options?: RpcRequestOptions): Promise<Block> {
  const block = await readBlock(rpc, 'latest', options)
  if (block === undefined) throw missing('the latest block')
  return block
}

function missing(what: string): WitanError {
  return new WitanError('RPC_REJECTED', 'The RPC endpoint does not have a block', { facts: { block: what } })
}
