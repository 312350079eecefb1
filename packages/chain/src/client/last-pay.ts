import type { Contracts } from '../network/contracts.js'
import type { Rpc, RpcRequestOptions } from '../rpc/rpc.js'
import { type LastPay, NO_PAY } from './intents/subnet-intents.js'
import { readConsensus } from './reads/read-consensus.js'
import { findSettlement } from './settled-epoch.js'

/** What the last settled epoch paid, as `register` takes it; `NO_PAY` before the first settlement. */
export async function readLastPay(
  rpc: Rpc,
  contracts: Contracts,
  netuid: number,
  options?: RpcRequestOptions,
): Promise<LastPay> {
  const last = await readConsensus(contracts).lastSettled(netuid, options)
  if (last === undefined) return NO_PAY
  const { args } = await findSettlement(rpc, contracts, netuid, last.blockNumber, options)
  return { incentive: args.result.incentive, validatorPay: args.result.validatorPay }
}
