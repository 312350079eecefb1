import { type Address, WitanError } from '@witan/protocol'
import { revertOf } from '../abi/revert.js'
import { type Call, callName, type Intent } from '../intent.js'
import { fromQuantity, type Rpc, toQuantity } from '../rpc/rpc.js'
import { RpcRejection } from '../rpc/rpc-rejection.js'
import { withMargin } from './fees.js'

/**
 * Gas limit for an intent. A call that would revert throws its decoded error here, before it is given a nonce: so it
 * cannot leave a hole in front of the transactions after it.
 */
export function estimateGas(rpc: Rpc, from: Address, intent: Intent, signal?: AbortSignal): Promise<number> {
  return estimateCall(rpc, from, intent, callName(intent), signal)
}

/** As `estimateGas`, for a call whose name is known. */
export async function estimateCall(rpc: Rpc, from: Address, call: Call, name: string, signal?: AbortSignal) {
  try {
    const gas = await rpc.request<string>('eth_estimateGas', [callFields(from, call)], { signal })
    return withMargin(Number(fromQuantity('eth_estimateGas', gas)))
  } catch (error) {
    throw submissionError(error, from, name)
  }
}

export function callFields(from: Address, { to, data, valueWei }: Call) {
  return { from, ...(to !== null && { to }), data, value: toQuantity(valueWei) }
}

/** A refusal of the node as the caller should see it: no funds, the contract's own error, or the node's. */
export function submissionError(error: unknown, from: Address, call: string): unknown {
  if (error instanceof RpcRejection && /insufficient funds|insufficient balance/i.test(error.reason)) {
    return new WitanError('INSUFFICIENT_FUNDS', 'The account cannot pay for the transaction', {
      facts: { account: from, call },
      cause: error,
    })
  }
  return revertOf(error, call) ?? error
}
