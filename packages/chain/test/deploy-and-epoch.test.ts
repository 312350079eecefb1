import {
  type Address,
  bytesToHex,
  commitmentHash,
  createDomain,
  epochWindow,
  MINIMAL_PARAMETERS,
  packRow,
  recordDigest,
  signOperatorConsent,
  signRecord,
  ZERO_DIGEST,
} from '@witan/protocol'
import t, { type Test } from 'tap'
import { type ChainClient, deployNetwork, type Intent, NO_PAY, openChain, type Sender } from '../src/index.js'
import { coin } from './support/coin.js'
import { keyOf } from './support/keys.js'
import { clock, type LocalChain, logger, startLocalChain } from './support/local-chain.js'
import { testPlan } from './support/test-network.js'

const TOKEN = 10n ** 18n
const VALIDATORS = ['validator 1', 'validator 2']
const OPERATORS = [...VALIDATORS, 'miner 1', 'miner 2']
const SALT = `0x${'5a'.repeat(32)}` as const

/** On a machine that is busy with other things. */
t.setTimeout(120_000)

t.test('a network is deployed and an epoch walked through by the typed client', async (t) => {
  const local = await startLocalChain(['deployer', 'owner', ...OPERATORS])
  t.teardown(() => local.stop())
  const plan = testPlan()
  const deployer = await local.senderOf('deployer')
  const deploy = () =>
    deployNetwork({ plan, rpcUrls: [local.chain.rpcUrl()] }, { rpc: local.rpc, sender: deployer, logger })
  const network = await deploy()
  t.equal(network.chainId, 31_337)
  t.equal(Object.keys(network.contracts).length, 14)
  t.same(await deploy(), network, 'the same plan, key and journal give the same deployment')

  const chain = await openChain(network, { clock })
  const ownerSender = await local.senderOf('owner')
  const send = submitterOf(ownerSender)

  await createSubnet(t, chain, send)
  await register(t, chain, send)
  await stake(t, chain, send)
  await walkEpochs(t, chain, local)
  await claim(t, chain, send)
  await announce(t, chain, send)
  await unstake(t, chain, send, local)
})

t.test('a deployment that was interrupted goes on, one whose key moved stops', async (t) => {
  const local = await startLocalChain(['deployer', 'mover'])
  t.teardown(() => local.stop())
  const deploy = (sender: Sender) =>
    deployNetwork({ plan: testPlan(), rpcUrls: [local.chain.rpcUrl()] }, { rpc: local.rpc, sender, logger })
  const deployer = await local.senderOf('deployer')
  const failing = (at: string, before: () => Promise<unknown>): Sender => ({
    ...deployer,
    submit: async (intent, options) => {
      if (intent.call.contract === at) await before()
      return deployer.submit(intent, options)
    },
  })
  const interruption = new Error('killed')
  await t.rejects(deploy(failing('Subnets', () => Promise.reject(interruption))), interruption)
  const network = await deploy(deployer)
  t.equal(network.deployedAtBlock, 1, 'the first contract is the one deployed before')

  const mover = await local.senderOf('mover')
  const moving: Sender = {
    ...mover,
    submit: async (intent, options) => {
      const extra = intent.call.contract === 'Emission' ? [coin('bob', 1n)] : []
      for (const other of extra) await mover.submit(other, { idempotenceKey: 'other' })
      return mover.submit(intent, options)
    },
  }
  await t.rejects(deploy(moving), { code: 'DEPLOY_NONCE_MOVED', exitCode: 75 })
  await t.rejects(
    deployNetwork({ plan: { ...testPlan(), chainId: 5 }, rpcUrls: [] }, { rpc: local.rpc, sender: mover, logger }),
    { code: 'PARAMETER_INVALID' },
    'short epochs are for local chains',
  )
})

type Send = (...intents: Intent[]) => Promise<void>

function submitterOf(sender: Sender): Send {
  let count = 0
  return async (...intents) => {
    for (const intent of intents) {
      await sender.submit(intent, { idempotenceKey: `${sender.address}:${count++}`, deadlineMs: 10_000 })
    }
  }
}

async function createSubnet(t: Test, chain: ChainClient, send: Send) {
  const owner = keyOf('owner').address
  const create = chain.intents.createSubnet({
    parameters: { ...MINIMAL_PARAMETERS, maxUids: 4 },
    mechanism: `0x${'01'.repeat(32)}`,
    modelVersions: [`0x${'02'.repeat(32)}`],
    name: 'text from images',
    maxPrice: 100n * TOKEN,
  })
  t.equal(await chain.subnets.count(), 0)
  await t.rejects(chain.simulate([create], owner), { code: 'INSUFFICIENT_ALLOWANCE' })
  const approvals = await chain.approvals({ owner, spender: 'subnets', amountWei: 300n * TOKEN })
  const simulated = await chain.simulate([...approvals, create], owner)
  const created = simulated[1]!.events.find((event) => event.name === 'SubnetCreated')
  t.match(created, { contract: 'Subnets', args: { netuid: 1, owner, subnet: { name: 'text from images' } } })
  t.equal(await chain.subnets.count(), 0, 'a simulation changes nothing')
  await send(...approvals, create)

  const subnet = await chain.subnets.subnet(1)
  t.same(subnet.parameters, { ...MINIMAL_PARAMETERS, maxUids: 4 })
  t.match(subnet, {
    netuid: 1,
    owner,
    name: 'text from images',
    neuronCount: 0,
    modelVersions: [`0x${'02'.repeat(32)}`],
  })
  await t.rejects(chain.subnets.subnet(2), { code: 'SUBNET_UNKNOWN', facts: { netuid: 2n } })
}

async function registration(chain: ChainClient, operatorName: string, maxPrice: bigint) {
  const operator = keyOf(operatorName)
  const domain = createDomain({ chainId: 31_337, verifyingContract: chain.network.contracts.subnets })
  const { timestamp } = await chain.latestBlock()
  const consent = {
    owner: keyOf('owner').address,
    nonce: await chain.subnets.consentNonce(operator.address),
    deadline: timestamp + 600,
  }
  return chain.intents.register({
    netuid: 1,
    operator: operator.address,
    deadline: consent.deadline,
    consent: signOperatorConsent(consent, operator, domain),
    maxPrice,
    lastPay: NO_PAY,
  })
}

async function register(t: Test, chain: ChainClient, send: Send) {
  const owner = keyOf('owner').address
  for (const name of OPERATORS) await send(await registration(chain, name, TOKEN))
  t.same(await chain.subnets.uidOf(1, keyOf('miner 1').address), 2)
  t.same(await chain.subnets.uidOf(1, owner), undefined)
  const neurons = await chain.subnets.neurons(1)
  t.same(
    neurons.map(({ uid }) => uid),
    [0, 1, 2, 3],
  )
  t.match(neurons[1], { operator: keyOf('validator 2').address, owner, nodeId: 2n, stake: 0n, record: undefined })

  await t.rejects(chain.simulate([await registration(chain, 'deployer', 0n)], owner), {
    code: /PRICE_EXCEEDED|SUBNET_FULL/,
  })
  await t.rejects(send(await registration(chain, 'deployer', TOKEN)), { code: 'SUBNET_FULL' })
}

async function stake(t: Test, chain: ChainClient, send: Send) {
  const owner = keyOf('owner').address
  await send(...(await chain.approvals({ owner, spender: 'vault', amountWei: 3_000n * TOKEN })))
  await send(chain.intents.stake(1n, 3_000n * TOKEN))
  const deadline = (await chain.latestBlock()).timestamp + 600
  const permit = await chain.stakePermit({ signer: keyOf('owner'), amountWei: 2_000n * TOKEN, deadline })
  await send(chain.intents.stakeWithPermit(2n, 2_000n * TOKEN, permit))
  t.equal(await chain.vault.stakeOf(1n), 3_000n * TOKEN)
  t.equal(await chain.vault.assetsOf(2n, owner), 2_000n * TOKEN)
  t.equal(await chain.vault.nodeOf(keyOf('validator 2').address), 2n)
}

async function walkEpochs(t: Test, chain: ChainClient, local: LocalChain) {
  const { schedule } = await chain.subnets.subnet(1)
  const rowOf = (uid: number) => packRow(uid === 0 ? [0, 0, 65_535, 20_000] : [0, 0, 60_000, 25_000])
  const senders = await Promise.all(VALIDATORS.map((name) => local.senderOf(name)))
  const sends = senders.map(submitterOf)

  for (const epoch of [1, 2]) {
    const window = epochWindow(schedule, epoch)
    await local.moveTo(window.startsAt + 2)
    t.equal(await chain.consensus.currentEpoch(1), epoch)
    for (const uid of [0, 1]) {
      const { nodeId, registeredAt } = (await chain.subnets.neurons(1))[uid]!
      const commitment = commitmentHash({
        chainId: 31_337,
        consensus: chain.network.contracts.consensus,
        netuid: 1,
        epoch,
        nodeId,
        registeredAt,
        version: 0n,
        packedRow: rowOf(uid),
        evidenceRoot: ZERO_DIGEST,
        salt: SALT,
      })
      await sends[uid]!(chain.intents.commit(1, epoch, commitment))
    }
    const reveals = [0, 1].map((uid) =>
      chain.intents.reveal({
        netuid: 1,
        epoch,
        version: 0n,
        packedRow: rowOf(uid),
        evidenceRoot: ZERO_DIGEST,
        salt: SALT,
      }),
    )
    await t.rejects(chain.simulate([reveals[0]!], senders[0]!.address), {
      code: 'TOO_EARLY',
      facts: { opensAt: BigInt(window.endsAt) },
    })

    await local.moveTo(window.endsAt)
    await Promise.all(reveals.map((reveal, uid) => sends[uid]!(reveal)))
    await sends[0]!(chain.intents.snapshot(1, epoch))
    t.equal(await chain.consensus.lastSnapshot(1), epoch)

    await local.moveTo(window.revealEndsAt)
    const inputs = await chain.settleInputs(1, epoch)
    t.same(inputs.voters, [0, 1])
    t.same(inputs.votes.rows, [...rowOf(0), ...rowOf(1)], 'rows come back from events')
    t.equal(inputs.votes.bonds.length, epoch > 1 ? 2 : 0, 'bonds stand from the second epoch on')
    t.equal(inputs.votes.claim.length, 1)
    await sends[1]!(chain.intents.settle({ netuid: 1, epoch, ...inputs }))
    await t.rejects(sends[0]!(chain.intents.settle({ netuid: 1, epoch, ...inputs })), { code: 'ALREADY_SETTLED' })
  }

  const metagraph = await chain.metagraph(1)
  t.match(metagraph.lastSettled, { epoch: 2, permits: [0, 1] })
  const incentive = metagraph.neurons.map((neuron) => neuron.incentive)
  t.ok(incentive[2]! > 0.5 && incentive[3]! > 0.1 && incentive[0] === 0)
  t.ok(Math.abs(incentive.reduce((sum, value) => sum + value) - 1) < 1e-6, 'incentive sums to 1')
  t.same(
    metagraph.neurons.map((neuron) => neuron.hasPermit),
    [true, true, false, false],
  )
  t.ok(metagraph.neurons[0]!.dividends > 0.5)
}

async function claim(t: Test, chain: ChainClient, send: Send) {
  const owner = keyOf('owner').address as Address
  const before = await chain.money.balance(owner)
  const claimable = await chain.money.claimable(1, 3n)
  t.ok(claimable > 0n)
  await send(chain.intents.claim(1, [3n]))
  t.equal((await chain.money.balance(owner)) - before, claimable)

  const supply = await chain.money.supply()
  t.equal(supply.scheduled, supply.minted + supply.notMinted + supply.carried)
  t.equal(supply.minted, supply.claimable + supply.claimed + supply.pooled + supply.bounties)
  t.equal(supply.claimed, claimable)
}

async function announce(t: Test, chain: ChainClient, send: Send) {
  const operator = keyOf('miner 1')
  const { timestamp } = await chain.latestBlock()
  const domain = createDomain({ chainId: 31_337, verifyingContract: chain.network.contracts.subnets })
  const record = { multiaddrs: ['/ip4/127.0.0.1/tcp/4001'], seq: 1, expiry: timestamp + 100 }
  const announcement = {
    operator: operator.address,
    recordDigest: bytesToHex(recordDigest(record)),
    seq: record.seq,
    expiry: record.expiry,
    signature: signRecord(record, operator, domain).signature,
  }
  t.equal(await chain.subnets.resolve(operator.address), undefined)
  await send(chain.intents.announce(announcement))
  const { recordDigest: digest, seq, expiry } = announcement
  t.same(await chain.subnets.resolve(operator.address), { digest, seq, expiry })
  t.same((await chain.subnets.neuron(1, 2)).record, { digest, seq, expiry })
  await t.rejects(send(chain.intents.announce(announcement)), { code: 'RECORD_OUTDATED' })
}

async function unstake(t: Test, chain: ChainClient, send: Send, local: LocalChain) {
  const owner = keyOf('owner').address
  await send(chain.intents.setTake(1n, 900), chain.intents.claimOwnerCut(1), chain.intents.sync(1n))
  t.equal((await chain.vault.pool(1n)).takeBps, 900)
  t.equal(await chain.money.ownerClaimable(1), 0n)
  t.equal(await chain.money.poolAccrued(1n), 0n, 'the dividends are in the pool')

  const shares = await chain.vault.sharesOf(1n, owner)
  await send(chain.intents.requestUnstake(1n, shares / 2n))
  const request = await chain.vault.unstakeRequest(1n)
  t.match(request, { nodeId: 1n, account: owner })
  await t.rejects(send(chain.intents.withdraw(1n)), { code: 'STILL_UNBONDING' })
  await local.moveTo(request.availableAt)
  const before = await chain.money.balance(owner)
  await send(chain.intents.withdraw(1n))
  t.equal((await chain.money.balance(owner)) - before, request.assets)
  await t.rejects(send(chain.intents.transfer(keyOf('miner 1').address, 10n ** 30n)), { code: 'INSUFFICIENT_TOKENS' })
}
