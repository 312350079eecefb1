import type { Address } from '@witan/protocol'
import { type Block, readBlock, readLatestBlock } from '../blocks/block.js'
import type { Rpc } from '../rpc/rpc.js'
import type { Attempt } from './journal.js'
import { fetchReceipt, type RpcReceipt } from './receipt.js'

/** What one round of the monitor sees. */
export interface ChainView {
  readonly head: Block
  /** What the endpoint says is the next nonce: a hint, which receipts and blocks confirm. */
  readonly nextNonce: number
  /** Blocks seen before are gone, or nothing was seen before. */
  readonly isReplaced: boolean
}

/** Looks at the head and tells whether it follows on the one seen last. */
export function createChainViewer(sender: Address): (rpc: Rpc) => Promise<ChainView> {
  let last: Block | undefined

  const follows = async (rpc: Rpc, head: Block): Promise<boolean> => {
    if (last === undefined) return false
    if (head.hash === last.hash || head.parentHash === last.hash) return true
    if (head.number <= last.number) return false
    return (await readBlock(rpc, last.number))?.hash === last.hash
  }

  return async (rpc) => {
    const [head, countHex] = await Promise.all([
      readLatestBlock(rpc),
      rpc.request<string>('eth_getTransactionCount', [sender, 'latest']),
    ])
    const isReplaced = !(await follows(rpc, head))
    last = head
    return { head, nextNonce: Number(countHex), isReplaced }
  }
}

export interface MinedAttempt {
  readonly attempt: Attempt
  readonly receipt: RpcReceipt
}

/** Which version of each transaction was mined; all receipts are asked for together. */
export async function findMined(
  rpc: Rpc,
  attemptsOf: ReadonlyMap<number, readonly Attempt[]>,
): Promise<ReadonlyMap<number, MinedAttempt>> {
  const found = new Map<number, MinedAttempt>()
  const asked = [...attemptsOf].flatMap(([id, attempts]) => attempts.map((attempt) => ({ id, attempt })))
  await Promise.all(
    asked.map(async ({ id, attempt }) => {
      const receipt = await fetchReceipt(rpc, attempt.hash)
      if (receipt !== null) found.set(id, { attempt, receipt })
    }),
  )
  return found
}
