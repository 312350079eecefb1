import { deployFileSchema } from '../../src/deploy/deploy-file.js'
import { type DeployPlan, deployNetwork, type NetworkFile } from '../../src/index.js'
import { keyOf } from './keys.js'
import { type LocalChain, logger } from './local-chain.js'

/** A network whose tokens belong to `owner`. */
export const testPlan = (): DeployPlan =>
  deployFileSchema.parse({
    name: 'test',
    chainId: 31_337,
    genesis: [{ address: keyOf('owner').address, amount: '1000000' }],
    minEpochLength: 10,
    unbonding: 60,
    rewardUnlock: 15,
    moveLock: 15,
    gaugePeriod: 15,
    maxShareBps: 10_000,
    channelGrace: 15,
    tableDelay: 15,
    subnetPrice: '100',
    listedFromStart: 100,
  })

/** Deploys it from the key `deployer`, which must have coin. */
export async function deployTestNetwork(local: LocalChain, plan = testPlan()): Promise<NetworkFile> {
  const sender = await local.senderOf('deployer')
  return deployNetwork({ plan, rpcUrls: [local.chain.rpcUrl()] }, { rpc: local.rpc, sender, logger })
}
