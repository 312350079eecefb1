import { type Address, keccak256Hex, WitanError } from '@witan/protocol'
import type { Logger } from '@witan/runtime'
import { checkChainId } from '../network/connect-chain.js'
import type { NetworkFile } from '../network/network-file.js'
import type { Rpc } from '../rpc/rpc.js'
import type { Sender } from '../sender/sender.js'
import { creationOf, deployOrder, type PlannedAddresses, plannedAddresses } from './creations.js'
import { checkDeployPlan, type DeployPlan } from './deploy-file.js'
import { verifyDeployment } from './verify-deployment.js'

export interface DeployOptions {
  readonly plan: DeployPlan
  /** Written into the network file. */
  readonly rpcUrls: readonly string[]
  /** Of a fork: accounts that were left out; written into the network file, because proofs depend on them. */
  readonly excluded?: readonly Address[]
}

export interface DeployModules {
  readonly rpc: Rpc
  /** Started; nothing else may use its key meanwhile. */
  readonly sender: Sender
  readonly logger: Logger
}

/**
 * Deploys a network's contracts, whose addresses are all fixed before the first one exists, and checks them. Called
 * again after an interruption with the same plan, key and journal, it goes on where it was. Throws `WRONG_CHAIN_ID`,
 * `DEPLOY_NONCE_MOVED`, `DEPLOY_MISMATCH` and what `Sender.submit` throws.
 */
export async function deployNetwork(
  { plan, rpcUrls, excluded = [] }: DeployOptions,
  { rpc, sender, logger }: DeployModules,
): Promise<NetworkFile> {
  checkDeployPlan(plan)
  await checkChainId(rpc, plan.chainId)
  const keyPrefix = `deploy:${digestOf(plan)}`
  let addresses: PlannedAddresses | undefined
  let firstNonce = 0
  let deployedAtBlock = 0
  for (const [index, role] of deployOrder(plan).entries()) {
    const idempotenceKey = `${keyPrefix}:${role}`
    const { blockNumber } = await sender.submit(creationOf(role, plan, addresses), { idempotenceKey })
    const nonce = sender.nonceOf(idempotenceKey)!
    if (addresses === undefined) {
      firstNonce = nonce
      deployedAtBlock = blockNumber
      addresses = plannedAddresses(plan, sender.address, firstNonce)
    }
    if (nonce !== firstNonce + index) throw nonceMoved(sender, nonce, firstNonce + index)
    logger.info({ contract: role, address: addresses[role] }, 'contract deployed')
  }
  await verifyDeployment(rpc, plan, addresses!)
  const { membership, claims, ...contracts } = addresses!
  return {
    name: plan.name,
    chainId: plan.chainId,
    rpcUrls: [...rpcUrls],
    contracts,
    deployedAtBlock,
    bootstrap: [],
    ...(membership !== undefined && { membership }),
    ...(claims !== undefined && { fork: { claims, excluded: [...excluded] } }),
  }
}

function digestOf(plan: DeployPlan): string {
  const text = JSON.stringify(plan, (_, value) => (typeof value === 'bigint' ? `${value}` : value))
  return keccak256Hex(new TextEncoder().encode(text))
}

function nonceMoved({ address }: Sender, nonce: number, expected: number): WitanError {
  return new WitanError('DEPLOY_NONCE_MOVED', 'The deployer sent something else in between', {
    facts: { deployer: address, nonce, expected },
  })
}
