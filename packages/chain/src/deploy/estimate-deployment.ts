import type { Address } from '@witan/protocol'
import { callName, type Intent } from '../intent.js'
import type { Rpc } from '../rpc/rpc.js'
import { callFields, submissionError } from '../sender/estimate.js'
import { type GasQuote, quoteGas } from '../simulate/quote-gas.js'
import {
  type AnyDeployRole,
  contractNameOf,
  creationOf,
  deployOrder,
  type PlannedAddresses,
  plannedAddresses,
  timelockCreation,
} from './creations.js'
import { checkDeployPlan, type DeployPlan } from './deploy-file.js'

/** What a deployment would do and cost; nothing is sent. */
export interface DeploymentEstimate extends GasQuote {
  readonly deployer: Address
  readonly contracts: PlannedAddresses
  /** In the order of deployment. */
  readonly creations: readonly { readonly contract: string; readonly address: Address; readonly gas: number }[]
}

/**
 * Tries the creations at the addresses that follow from the deployer's next nonce. Throws what a creation would revert with, and
 * `PARAMETER_INVALID`. One that was begun already is estimated anew, at other addresses.
 */
export async function estimateDeployment(
  plan: DeployPlan,
  deployer: Address,
  rpc: Rpc,
  signal?: AbortSignal,
): Promise<DeploymentEstimate> {
  checkDeployPlan(plan)
  const nonce = await rpc.request<string>('eth_getTransactionCount', [deployer, 'latest'], { signal })
  const contracts = plannedAddresses(plan, deployer, Number(nonce))
  // What one contract reads of another when it is created: the other's code is lent to the estimate.
  const codeOf = (role: AnyDeployRole) =>
    run(rpc, 'eth_call', creationOf(role, plan, contracts), deployer, {}, signal).then((code) => ({
      [contracts[role]!]: { code },
    }))
  const timelockCode = async () => ({
    [contracts.timelock]: { code: await run(rpc, 'eth_call', timelockCreation(plan), deployer, {}, signal) },
  })
  const [token, vault, timelock] = await Promise.all([codeOf('token'), codeOf('vault'), timelockCode()])
  const membership = contracts.membership === undefined ? {} : await codeOf('membership')
  const lentTo: Partial<Record<AnyDeployRole, object>> = {
    emission: token,
    splitter: token,
    channels: token,
    governor: { ...vault, ...membership },
    court: { ...vault, ...timelock },
  }
  const creations = await Promise.all(
    deployOrder(plan).map(async (role) => {
      const creation = creationOf(role, plan, contracts)
      const gas = await run(rpc, 'eth_estimateGas', creation, deployer, lentTo[role] ?? {}, signal)
      return { contract: contractNameOf(role), address: contracts[role]!, gas: Number(gas) }
    }),
  )
  const gas = creations.reduce((sum, creation) => sum + creation.gas, 0)
  return { deployer, contracts, creations, ...(await quoteGas(rpc, gas, deployer, signal)) }
}

async function run(
  rpc: Rpc,
  method: 'eth_call' | 'eth_estimateGas',
  intent: Intent,
  from: Address,
  overrides: object,
  signal: AbortSignal | undefined,
): Promise<string> {
  try {
    return await rpc.request<string>(method, [callFields(from, intent), 'latest', overrides], { signal })
  } catch (error) {
    throw submissionError(error, from, callName(intent))
  }
}
