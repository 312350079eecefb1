// What a dry deployment says is what the deployment then does; times that are too short are refused.
import { readFileSync } from 'node:fs'
import { abis } from '@witan/contracts'
import { WitanError } from '@witan/protocol'
import t from 'tap'
import { interfaceOf } from '../src/abi/interface-of.js'
import { plannedAddresses } from '../src/deploy/creations.js'
import { checkDeployPlan } from '../src/deploy/deploy-file.js'
import { governanceTermsOf } from '../src/deploy/governance-terms.js'
import { verifyDeployment } from '../src/deploy/verify-deployment.js'
import { deployFileSchema, deployNetwork, estimateDeployment, type Rpc, readDeployFile } from '../src/index.js'
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
  t.equal(estimate.creations.length, 12)
  const used = await Promise.all(
    estimate.creations.map(async (_, index) => {
      const block = await local.rpc.request<{ gasUsed: string }>('eth_getBlockByNumber', [
        `0x${(index + 1).toString(16)}`,
        false,
      ])
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
  for (const field of Object.keys(deployFileSchema.shape)) t.match(text, new RegExp(`^(# )?${field}:`, 'm'))
  const { governance, court } = deployFileSchema.shape
  const local = { ...plan, chainId: 31_337, governance: governance.parse({}), court: court.parse({}) }
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
    listedFromStart: 1,
  })) {
    const facts = { parameter, value }
    t.throws(() => checkDeployPlan({ ...plan, [parameter]: value }), { code: 'PARAMETER_INVALID', facts }, parameter)
    t.doesNotThrow(() => checkDeployPlan({ ...local, [parameter]: value }), parameter)
  }
})

t.test('the slash waits a day after the longest decision, and stake is held as long again', async (t) => {
  const plan = readDeployFile(EXAMPLE.pathname)
  t.strictSame(
    plan.court,
    { ...deployFileSchema.shape.court.parse({}), margin: 86_400 },
    'the example has the defaults',
  )
  const withMargin = (margin: number, more: object = {}) => ({ ...plan, ...more, court: { ...plan.court, margin } })
  const facts = { parameter: 'court.margin', max: (2 * plan.unbonding - 604_800) / 2 }
  t.throws(() => checkDeployPlan(withMargin(86_399)), { code: 'PARAMETER_INVALID', facts })
  t.throws(() => checkDeployPlan(withMargin(facts.max + 1)), { code: 'PARAMETER_INVALID', facts })
  t.doesNotThrow(() => checkDeployPlan(withMargin(facts.max)))
})

t.test('the times of decisions keep to the bounds of the contracts', async (t) => {
  const plan = readDeployFile(EXAMPLE.pathname)
  const { guardian: _, ...terms } = governanceTermsOf({
    ...plan,
    governance: deployFileSchema.shape.governance.parse({}),
  })
  t.match(plan.governance, terms, 'the example has the defaults')
  const refused = (governance: object, parameter: string, more: object = {}) =>
    t.throws(
      () => checkDeployPlan({ ...plan, ...more, governance: { ...plan.governance, ...governance } }),
      { code: 'PARAMETER_INVALID', facts: { parameter: `governance.${parameter}` } },
      parameter,
    )
  refused({ minCycle: 86_399 }, 'minCycle')
  refused({ maxCycle: 604_801 }, 'maxCycle')
  refused({}, 'maxCycle', { unbonding: 691_199 })
  refused({ votingPeriod: 86_399 }, 'votingPeriod')
  refused({ executionWindow: 86_399 }, 'executionWindow')
  refused({ voteExtension: 172_801 }, 'voteExtension')
  refused({ votingDelay: 0, timelockDelay: 86_399 }, 'votingDelay + timelockDelay')
  refused({ voteExtension: 86_401 }, 'cycle')
  refused({ proposalThreshold: 10n ** 23n }, 'proposalThreshold')
  const { governance, court } = deployFileSchema.shape
  const local = { ...plan, chainId: 31_337, unbonding: 60, governance: governance.parse({}), court: court.parse({}) }
  t.doesNotThrow(() => checkDeployPlan(local), 'a local chain counts in seconds')
  t.throws(() => checkDeployPlan({ ...local, unbonding: 59 }), { code: 'PARAMETER_INVALID' })
})

t.test('an endpoint that dies while a deployment is checked is told once', async (t) => {
  const digest = `0x${'11'.repeat(32)}` as const
  const origin = { exportDigest: digest, claimsRoot: digest, stateRoot: digest, supply: 1n, treasury: 0n }
  const plan = { ...testPlan(), fork: origin }
  const addresses = plannedAddresses(plan, keyOf('deployer').address, 0)
  const rpc: Rpc = {
    async request<T>(method: string, [call]: readonly unknown[]) {
      if (method === 'eth_getCode') return '0x01' as T
      const { to, data } = call as { to: string; data: string }
      if (to === addresses.claims) await new Promise((resolve) => setImmediate(resolve))
      if (data === interfaceOf(abis.StakeVault).encodeFunctionData('votes')) return `0x${'0'.repeat(64)}` as T
      throw new WitanError('RPC_UNAVAILABLE', 'No RPC endpoint answers')
    },
  }
  await t.rejects(verifyDeployment(rpc, plan, addresses), { code: 'RPC_UNAVAILABLE' })
})
