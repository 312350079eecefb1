import type { Address, Hex } from '@witan/protocol'
import { type Rpc, toQuantity } from '../rpc/rpc.js'
import { RpcRejection } from '../rpc/rpc-rejection.js'

/** Who used a nonce, as blocks tell: a count alone may be stale, of another fork, or wrong. */
export type NonceUse =
  | { readonly kind: 'used'; readonly hash: Hex }
  /** No block holds a transaction at it. */
  | { readonly kind: 'unused' }
  /** The endpoint keeps too little history to tell. */
  | { readonly kind: 'unknown' }

interface RpcTransaction {
  readonly hash: Hex
  readonly from: string
  readonly nonce: string
  readonly blockHash: string | null
}

/** How far back a search goes; nodes without an archive keep 128 blocks. */
const SEARCH_BLOCKS = 100_000

export async function whoUsedNonce(rpc: Rpc, sender: Address, nonce: number, headBlock: number): Promise<NonceUse> {
  try {
    const found = await askDirectly(rpc, sender, nonce)
    return found ?? (await searchBlocks(rpc, sender, nonce, headBlock))
  } catch (error) {
    if (error instanceof RpcRejection) return { kind: 'unknown' }
    throw error
  }
}

/** Erigon, reth and anvil have an index; undefined where there is none, or where it knows nothing. */
async function askDirectly(rpc: Rpc, sender: Address, nonce: number): Promise<NonceUse | undefined> {
  try {
    const found = await rpc.request<RpcTransaction | null>('eth_getTransactionBySenderAndNonce', [
      sender,
      toQuantity(nonce),
    ])
    return found === null || found.blockHash === null ? undefined : { kind: 'used', hash: found.hash }
  } catch (error) {
    if (error instanceof RpcRejection) return undefined
    throw error
  }
}

/** The first block after which the count is past the nonce holds its transaction, if the counts are true. */
async function searchBlocks(rpc: Rpc, sender: Address, nonce: number, headBlock: number): Promise<NonceUse> {
  const countAt = async (block: number) =>
    Number(await rpc.request<string>('eth_getTransactionCount', [sender, toQuantity(block)]))
  if ((await countAt(headBlock)) <= nonce) return { kind: 'unused' }
  let low = Math.max(0, headBlock - SEARCH_BLOCKS)
  let high = headBlock
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if ((await countAt(middle)) > nonce) high = middle
    else low = middle + 1
  }
  const block = await rpc.request<{ transactions: RpcTransaction[] } | null>('eth_getBlockByNumber', [
    toQuantity(high),
    true,
  ])
  const found = block?.transactions.find(
    ({ from, nonce: used }) => from.toLowerCase() === sender && Number(used) === nonce,
  )
  return found === undefined ? { kind: 'unused' } : { kind: 'used', hash: found.hash }
}
