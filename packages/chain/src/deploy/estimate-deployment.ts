import type { Address } from '@witan/protocol'
import { CONTRACT_NAMES } from '../network/contracts.js'
import type { ContractAddresses } from '../network/network-file.js'
import type { Rpc } from '../rpc/rpc.js'
import { simulate } from '../simulate/simulate.js'
import { creationOf, DEPLOY_ORDER, plannedAddresses } from './creations.js'
import { checkDeployPlan, type DeployPlan } from './deploy-file.js'

/** What a deployment would do and cost; nothing is sent. */
export interface DeploymentEstimate {
  readonly deployer: Address
  readonly contracts: ContractAddresses
  /** In the order of deployment. */
  readonly creations: readonly { readonly contract: string; readonly address: Address; readonly gas: number }[]
  readonly gas: number
  /** Wei of the chain's coin for a unit of gas, now. */
  readonly gasPriceWei: bigint
  readonly costWei: bigint
  /** What the deployer has, wei of the chain's coin. */
  readonly balanceWei: bigint
}

/**
 * Tries the creations one after the other from the deployer's next nonce. Throws what a creation would revert with, and
 * `PARAMETER_INVALID`. One that was begun already is estimated anew, at other addresses.
 */
export async function estimateDeployment(
  plan: DeployPlan,
  deployer: Address,
  rpc: Rpc,
  signal?: AbortSignal,
): Promise<DeploymentEstimate> {
  checkDeployPlan(plan)
  const ask = (method: string, params: readonly unknown[]) => rpc.request<string>(method, params, { signal })
  const [nonce, gasPrice, balance] = await Promise.all([
    ask('eth_getTransactionCount', [deployer, 'latest']),
    ask('eth_gasPrice', []),
    ask('eth_getBalance', [deployer, 'latest']),
  ])
  const contracts = plannedAddresses(deployer, Number(nonce))
  const intents = DEPLOY_ORDER.map((role) => creationOf(role, plan, contracts))
  const calls = await simulate(rpc, intents, { from: deployer, contracts: new Map(), signal })
  const creations = DEPLOY_ORDER.map((role, index) => ({
    contract: CONTRACT_NAMES[role],
    address: contracts[role],
    gas: calls[index]!.gasUsed,
  }))
  const gas = creations.reduce((sum, creation) => sum + creation.gas, 0)
  const gasPriceWei = BigInt(gasPrice)
  const costWei = BigInt(gas) * gasPriceWei
  return { deployer, contracts, creations, gas, gasPriceWei, costWei, balanceWei: BigInt(balance) }
}
