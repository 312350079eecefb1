// What a dry deployment says is what the deployment then does; times that are too short are refused.
import { readFileSync } from 'node:fs'
import t from 'tap'
import { checkDeployPlan } from '../src/deploy/deploy-file.js'
import { deployFileSchema, deployNetwork, estimateDeployment, readDeployFile } from '../src/index.js'
import { keyOf } from './support/keys.js'
import { logger, startLocalChain } from './support/local-chain.js'
import { testPlan } from './support/test-network.js'

const EXAMPLE = new URL('../../../../configs/networks/example.yaml', import.meta.url)

t.test('the addresses of a dry deployment are those of the deployment, and its gas is close', async (t) => {
  const local = await startLocalChain(['deployer'])
  t.teardown(() => local.stop())
  const plan = testPlan()
  const estimate = await estimateDeployment(plan, keyOf('deployer').address, local.rpc)
  const sender = await local.senderOf('deployer')
  const { contracts } = await deployNetwork({ plan, rpcUrls: [] }, { rpc: local.rpc, sender, logger })
  t.strictSame(contracts, estimate.contracts)
  t.equal(estimate.creations.length, 10)
  const used = await Promise.all(
    estimate.creations.map(async (_, index) => {
      const block = await local.rpc.request<{ gasUsed: string }>('eth_getBlockByNumber', [`0x${index + 1}`, false])
      return Number(block.gasUsed)
    }),
  )
  const total = used.reduce((sum, gas) => sum + gas, 0)
  t.ok(Math.abs(estimate.gas - total) < total / 50, `${estimate.gas} estimated, ${total} used`)
  t.equal(estimate.costWei, BigInt(estimate.gas) * estimate.gasPriceWei)
})

t.test('a public network keeps its times above the bounds, a local one need not', async (t) => {
  const plan = readDeployFile(EXAMPLE.pathname)
  const text = readFileSync(EXAMPLE, 'utf8')
  for (const field of Object.keys(deployFileSchema.shape)) t.match(text, new RegExp(`^${field}:`, 'm'))
  for (const [parameter, value] of Object.entries({
    minEpochLength: 599,
    unbonding: 86_399,
    gaugePeriod: 599,
    moveLock: 3_599,
    rewardUnlock: 3_599,
    channelGrace: 86_399,
    tableDelay: 3_599,
    datasetVote: 86_399,
    datasetCorrection: 86_399,
  })) {
    const facts = { parameter, value }
    t.throws(() => checkDeployPlan({ ...plan, [parameter]: value }), { code: 'PARAMETER_INVALID', facts }, parameter)
    t.doesNotThrow(() => checkDeployPlan({ ...plan, chainId: 31_337, [parameter]: value }), parameter)
  }
})
