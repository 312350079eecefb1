import { type Address, type Hex, WitanError } from '@witan/protocol'
import { type ChainEvent, type ContractName, decodeLog, type RpcLog } from '../abi/events.js'
import { revertOf } from '../abi/revert.js'
import { readBlock } from '../blocks/block.js'
import { type Rpc, toQuantity } from '../rpc/rpc.js'
import { RpcRejection } from '../rpc/rpc-rejection.js'

/** A mined transaction. */
export interface TransactionResult {
  readonly hash: Hex
  readonly blockNumber: number
  readonly gasUsed: number
  /** What it cost in the chain's coin. */
  readonly feeWei: bigint
  /** Events of the network's contracts, in order. */
  readonly events: readonly ChainEvent[]
}

export interface RpcReceipt {
  readonly transactionHash: Hex
  readonly status: string
  readonly blockNumber: string
  readonly gasUsed: string
  readonly effectiveGasPrice: string
  readonly logs: readonly RpcLog[]
}

export function fetchReceipt(rpc: Rpc, hash: Hex, signal?: AbortSignal): Promise<RpcReceipt | null> {
  return rpc.request<RpcReceipt | null>('eth_getTransactionReceipt', [hash], { signal })
}

export function resultOf(receipt: RpcReceipt, contracts: ReadonlyMap<Address, ContractName>): TransactionResult {
  const gasUsed = Number(receipt.gasUsed)
  return {
    hash: receipt.transactionHash,
    blockNumber: Number(receipt.blockNumber),
    gasUsed,
    feeWei: BigInt(gasUsed) * BigInt(receipt.effectiveGasPrice),
    events: receipt.logs.flatMap((log) => decodeLog(log, contracts) ?? []),
  }
}

/**
 * Why a mined transaction reverted: receipts carry no reason, so the call is replayed on the state before its block, at
 * the time of its block; and where it succeeds there, on the state after its block: another was first in the same block.
 */
export async function revertReason(rpc: Rpc, receipt: RpcReceipt, description: string): Promise<WitanError> {
  const facts = { transaction: receipt.transactionHash, blockNumber: Number(receipt.blockNumber) }
  const number = Number(receipt.blockNumber)
  const sent = await rpc
    .request<Record<string, string> | null>('eth_getTransactionByHash', [receipt.transactionHash])
    .catch(unlessRejected)
  const mined = await readBlock(rpc, number)
  const at = mined === undefined ? {} : { number: toQuantity(mined.number), time: toQuantity(mined.timestamp) }
  const { from, to, input, value, gas } = sent ?? {}
  for (const state of sent === null ? [] : [number - 1, number]) {
    try {
      await rpc.request('eth_call', [{ from, to, data: input, value, gas }, toQuantity(state), {}, at])
    } catch (error) {
      const reason = revertOf(error, description)
      if (reason !== undefined) {
        return new WitanError(reason.code, reason.message, { facts: { ...reason.facts, ...facts }, cause: error })
      }
      if (!(error instanceof RpcRejection)) throw error
    }
  }
  const next = 'The call depends on what happened earlier in the same block; repeat it.'
  return new WitanError('CONTRACT_REVERTED', 'The transaction reverted', {
    facts: { call: description, ...facts },
    next,
  })
}

/** An endpoint that refuses to tell has told nothing. */
function unlessRejected(error: unknown): null {
  if (error instanceof RpcRejection) return null
  throw error
}
