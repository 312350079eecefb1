import { keccak256Hex, WitanError } from '@witan/protocol'
import type { Logger } from '@witan/runtime'
import { checkChainId } from '../network/connect-chain.js'
import type { ContractAddresses, NetworkFile } from '../network/network-file.js'
import type { Rpc } from '../rpc/rpc.js'
import type { Sender } from '../sender/sender.js'
import { creationOf, DEPLOY_ORDER, plannedAddresses } from './creations.js'
import { checkDeployPlan, type DeployPlan } from './deploy-file.js'
import { verifyDeployment } from './verify-deployment.js'

export interface DeployOptions {
  readonly plan: DeployPlan
  /** Written into the network file. */
  readonly rpcUrls: readonly string[]
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
  { plan, rpcUrls }: DeployOptions,
  { rpc, sender, logger }: DeployModules,
): Promise<NetworkFile> {
  checkDeployPlan(plan)
  await checkChainId(rpc, plan.chainId)
  const keyPrefix = `deploy:${digestOf(plan)}`
  let addresses: ContractAddresses | undefined
  let firstNonce = 0
  let deployedAtBlock = 0
  for (const [index, role] of DEPLOY_ORDER.entries()) {
    const idempotenceKey = `${keyPrefix}:${role}`
    const { blockNumber } = await sender.submit(creationOf(role, plan, addresses), { idempotenceKey })
    const nonce = sender.nonceOf(idempotenceKey)!
    if (addresses === undefined) {
      firstNonce = nonce
      deployedAtBlock = blockNumber
      addresses = plannedAddresses(sender.address, firstNonce)
    }
    if (nonce !== firstNonce + index) throw nonceMoved(sender, nonce, firstNonce + index)
    logger.info({ contract: role, address: addresses[role] }, 'contract deployed')
  }
  await verifyDeployment(rpc, plan, addresses!)
  return {
    name: plan.name,
    chainId: plan.chainId,
    rpcUrls: [...rpcUrls],
    contracts: addresses!,
    deployedAtBlock,
    bootstrap: [],
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
