// A network with an attacker is left behind: exported at a block, deployed anew, claimed by everybody else.
import { abis } from '@witan/contracts'
import { canonicalJson, type Json } from '@witan/protocol'
import t, { type Test } from 'tap'
import { interfaceOf } from '../src/abi/interface-of.js'
import { makeIntent } from '../src/client/intents/make-intent.js'
import { verifyDeployment } from '../src/deploy/verify-deployment.js'
import {
  auditNetwork,
  claimOf,
  deployNetwork,
  encodeNamedCall,
  excludedAccounts,
  exportDigest,
  exportNetwork,
  exportText,
  forkDecisions,
  openFork,
  parseExport,
  planFork,
  type Rpc,
} from '../src/index.js'
import { falsify } from './support/falsify.js'
import { keyOf } from './support/keys.js'
import { decide, digestOf, live, MODEL_VERSION, OPERATORS, publish } from './support/lived-in.js'
import { logger, startLocalChain } from './support/local-chain.js'
import { type Play, startPlay, TOKEN } from './support/play.js'

t.setTimeout(240_000)

const HOLDERS = ['owner', 'alice', 'bob']
const local = await startLocalChain(['deployer', 'forker', 'attacker', ...HOLDERS, ...OPERATORS])
t.teardown(() => local.stop())
const old = await startPlay(local)
await live(old)
const { number: block } = await old.chain.latestBlock()
const body = await exportNetwork(old.chain, { block, pageBlocks: 7 })
const addressOf = (name: string) => keyOf(name).address
const claimsOf = (name: string) => claimOf(body.holders.find(({ account }) => account === addressOf(name))!)

t.test('the same block gives the same bytes, whatever came after', async (t) => {
  await old.send('bob', old.chain.intents.transfer(addressOf('alice'), TOKEN))
  const again = await exportNetwork(old.chain, { block })
  t.equal(exportText(again), exportText(body))
  t.not(exportText(await exportNetwork(old.chain, { block: block + 1 })), exportText(body))
  t.strictSame(parseExport(JSON.parse(exportText(body))), body, 'a file is read as it was written')
})

t.test('a block that is replaced meanwhile is no export, and no audit', async (t) => {
  await local.rpc.request('evm_mine', [])
  const { number } = await old.chain.latestBlock()
  const replacing = (): Rpc => {
    let asked = 0
    return {
      async request<T>(method: string, params: readonly unknown[]) {
        const answer = await local.rpc.request<T>(method, params)
        if (method !== 'eth_getBlockByNumber' || Number(params[0]) !== number || asked++ === 0) return answer
        return { ...answer, hash: digestOf('another') }
      },
    }
  }
  const refusal = { code: 'BLOCK_REPLACED', facts: { block: number, found: digestOf('another') } }
  await t.rejects(exportNetwork({ ...old.chain, rpc: replacing() }, { block: number }), refusal)
  await t.rejects(auditNetwork({ ...old.chain, rpc: replacing() }, { block: number }), refusal)
})

t.test('an endpoint that leaves events out gives no export', async (t) => {
  const [last] = (await old.chain.payments.channelsOf(addressOf('alice'))).slice(-1)
  const { channels, token } = old.chain.network.contracts
  type Log = { readonly address: string; readonly topics: string[]; readonly transactionHash: string }
  const rpc: Rpc = {
    async request<T>(method: string, params: readonly unknown[]) {
      const answer = await local.rpc.request<T>(method, params)
      if (method !== 'eth_getLogs') return answer
      const logs = answer as Log[]
      const opened = logs.find(({ address, topics }) => address === channels && topics[1] === last!.channelId)
      const isLeftOut = ({ address, transactionHash }: Log) =>
        transactionHash === opened?.transactionHash && (address === channels || address === token)
      return logs.filter((log) => !isLeftOut(log)) as T
    },
  }
  const lacking = exportNetwork({ ...old.chain, rpc }, { block })
  await t.rejects(lacking, { code: 'FORK_SUMS_DIFFER', message: /Events are missing/ }, "the deposit would be nobody's")
})

t.test("nothing is lost or doubled: every place where tokens were is somebody's", async (t) => {
  const { supply, holders } = body
  const held = holders.map(claimOf).reduce((sum, { liquid, staked }) => sum + liquid + staked, 0n)
  t.equal(held + supply.treasury + supply.forfeited, supply.issued + supply.unclaimed, 'to the wei')
  t.equal(supply.issued, await old.chain.contracts.token.read('totalSupply', [], { block }))
  t.ok(supply.unclaimed > 0n, 'emission that nobody has claimed')
  const find = (name: string) => holders.find(({ account }) => account === addressOf(name))!
  t.equal(find('alice').liquid.channels, 49n * TOKEN - 11n * TOKEN - 1n - TOKEN - 3n, 'deposits, less vouchers')
  t.ok(find('alice').unbonding > 0n, 'what was on its way out')
  t.strictSame(
    find('alice').staked.map(({ node }) => node),
    [1, 2],
    'what moved is where it moved',
  )
  t.equal(find('owner').liquid.locks, 100n * TOKEN, 'the lock of the subnet')
  t.ok(find('owner').liquid.revenue! > 0n, 'revenue that waited')
  t.equal(find('owner').liquid.dataSets, 3n * TOKEN + 5n * TOKEN, 'reserve and an order')
  // Consensus, the channels and the timelock; what is more are rests of divisions and the treasury's part of revenue.
  const least = 21n * TOKEN + 5n
  t.ok(supply.treasury > least && supply.treasury < least + 5n * TOKEN, `the treasury has ${supply.treasury}`)
  t.ok(
    !holders.some(({ account }) => Object.values(body.source.contracts).includes(account)),
    'no contract is a holder',
  )
  const stakes = holders.flatMap(({ staked }) => staked).reduce((sum, { amount }) => sum + amount, 0n)
  const pools = body.nodes.reduce((sum, { stake }) => sum + stake, 0n)
  t.ok(stakes >= pools, 'all of the pools, and the rewards that they are owed')
})

t.test('a file that somebody changed is refused', async (t) => {
  const content = JSON.parse(exportText(body))
  const change = (edit: (copy: typeof content) => void) => {
    const copy = structuredClone(content)
    edit(copy)
    return copy
  }
  const thief = change(({ holders }) => {
    holders[0].liquid.balance = '1'
  })
  t.throws(() => parseExport(thief), { code: 'FORK_EXPORT_INVALID' }, 'the digest is of something else')
  const { digest: _, ...edited } = thief
  const signed = { ...edited, digest: exportDigest(edited) }
  t.throws(
    () => parseExport(JSON.parse(canonicalJson(signed as Json))),
    { code: 'FORK_SUMS_DIFFER' },
    'tokens from nowhere',
  )
  t.throws(() => parseExport({}), { code: 'FORK_EXPORT_INVALID' })
})

t.test('the fork: everybody but the attacker claims once, and both networks run on', async (t) => {
  const excluded = excludedAccounts(body, [addressOf('attacker')])
  t.throws(() => excludedAccounts(body, [99n]), { code: 'NODE_UNKNOWN' })
  t.strictSame(excludedAccounts(body, [3n]), [addressOf('owner'), addressOf('miner 1')].sort(), 'a node is its owner')
  const choices = { name: 'ours', chainId: 31_337, excluded: new Set(excluded) }
  t.throws(() => planFork(body, { ...choices, changes: new Map([['unbondin', '70']]) }), { code: 'PARAMETER_INVALID' })
  const plan = planFork(body, {
    ...choices,
    changes: new Map([
      ['governance.quorumPercent', '11'],
      ['unbonding', '61'],
    ]),
  })
  t.equal(plan.governance.quorumPercent, 11, 'as set')
  t.match(plan, { unbonding: 61, rewardUnlock: 15, minEpochLength: 10, subnetPrice: 100n * TOKEN }, 'as exported')
  const sender = await local.senderOf('forker')
  const urls = [local.chain.rpcUrl()]
  const deploy = (other: typeof plan) =>
    deployNetwork({ plan: other, rpcUrls: urls, excluded }, { rpc: local.rpc, sender, logger })
  const network = await deploy(plan)
  const ours = await startPlay(local, network)
  const fork = await openFork(ours.chain, body)
  await t.rejects(openFork(old.chain, body), { code: 'NOT_A_FORK' })
  const everybody = { ...network, fork: { ...network.fork!, excluded: [] } }
  await t.rejects(openFork({ network: everybody, rpc: local.rpc }, body), { code: 'FORK_EXPORT_OTHER' })

  const stranger = { ...network, contracts: { ...network.contracts, vault: old.chain.network.contracts.vault } }
  const differs = (field: string) => ({ code: 'FORK_EXPORT_OTHER', facts: { field } })
  await t.rejects(openFork({ network: stranger, rpc: local.rpc }, body), differs('vault'), 'it stakes elsewhere')
  t.equal(fork.besides, 0n, 'nobody got anything besides')
  const forker = { address: addressOf('forker'), amount: TOKEN }
  const greedy = await deploy({ ...plan, name: 'greedy', genesis: [forker] })
  t.equal(
    (await openFork({ network: greedy, rpc: local.rpc }, body)).besides,
    TOKEN,
    'what a deployer gave itself shows',
  )
  const short = await deploy({ ...plan, name: 'short', fork: { ...plan.fork!, supply: plan.fork!.supply - 1n } })
  await t.rejects(openFork({ network: short, rpc: local.rpc }, body), differs('supply'), 'the last would get nothing')

  const { token } = ours.chain.contracts
  const { liquid, staked } = claimsOf('attacker')
  const { issued, unclaimed, forfeited } = body.supply
  t.equal(await token.read('totalSupply', []), issued + unclaimed - forfeited - liquid - staked, "not the attacker's")
  t.equal(await token.read('balanceOf', [network.contracts.timelock]), body.supply.treasury, 'the treasury of the fork')
  t.throws(() => fork.trees.claim(addressOf('attacker')), { code: 'FORK_CLAIM_UNKNOWN' })

  await claimAll(ours, fork, t)
  const addresses = { ...network.contracts, claims: fork.address }
  await t.resolves(verifyDeployment(local.rpc, plan, addresses), 'who resumes a deployment finds claims made meanwhile')
  await runOn(ours, 'owner', t)
  await runOn(old, 'attacker', t)
  await adopt(ours, fork, t)
  await audit(ours, fork, t)
})

/** The claims are audited like the rest: what is stored, and that nothing left but what events tell. */
async function audit({ chain }: Play, { address }: Fork, t: Test): Promise<void> {
  const report = await auditNetwork(chain)
  t.strictSame(
    report.sections.flatMap(({ differences }) => differences),
    [],
    'what is stored is what the events tell',
  )
  const ofClaims = async (rpc: Rpc = local.rpc) =>
    (await auditNetwork({ ...chain, rpc })).sections.find(({ section }) => section === 'claims')!
  const { compared } = await ofClaims()
  t.ok(compared > body.holders.length, `${compared} compared`)
  t.match((await auditNetwork(old.chain)).sections.at(-1), { section: 'claims', compared: 0 }, 'which is no fork')
  const alice = addressOf('alice')
  const falsified: [what: string, method: string, args: readonly unknown[]][] = [
    [`${alice} has claimed`, 'hasClaimed', [alice]],
    ['successor of 2 1', 'successorOf', [2, 1n]],
    ['origin of 1 1', 'originOf', [1, 1n]],
  ]
  for (const [what, method, args] of falsified) {
    const view = interfaceOf(abis.ForkClaim).encodeFunctionData(method, args)
    const found = await falsify(local.rpc, address, view, 1n, async () =>
      (await ofClaims()).differences.find((difference) => difference.what === what),
    )
    t.match(found, { contract: 'ForkClaim', what }, what)
  }
  const { topicHash } = interfaceOf(abis.ForkClaim).getEvent('Claimed')!
  const hiding: Rpc = {
    async request<T>(method: string, params: readonly unknown[]) {
      const answer = await local.rpc.request<T>(method, params)
      if (method !== 'eth_getLogs') return answer
      return (answer as { topics: string[] }[]).filter(
        ({ topics: [event, account] }) => event !== topicHash || !account!.endsWith(alice.slice(2)),
      ) as T
    },
  }
  t.match(
    await ofClaims(hiding),
    { differing: 1, differences: [{ what: 'what claims and sweep paid' }] },
    'a claim less',
  )
}

type Fork = Awaited<ReturnType<typeof openFork>>

async function claimAll(ours: Play, fork: Fork, t: Test): Promise<void> {
  const { token } = ours.chain.contracts
  const before = await token.read('balanceOf', [fork.address])
  t.equal(before, fork.trees.origin.supply, 'what the claims are')
  for (const { account, liquid, staked } of fork.trees.claimants) {
    await ours.send('alice', fork.intents.claim(account))
    t.equal(await token.read('balanceOf', [account]), liquid + staked, `${account} has all it had`)
    await t.rejects(ours.send('alice', fork.intents.claim(account)), { code: 'FORK_CLAIMED' })
  }
  t.equal(await token.read('balanceOf', [fork.address]), 0n, 'claims are the genesis, to the wei')
  await t.rejects(ours.send('alice', fork.intents.sweep()), { code: 'FORK_SWEEP_NOT_DUE' })
}

/** A registration, stake, an epoch that is settled, and a vote that is carried out. */
async function runOn(play: Play, voter: string, t: Test): Promise<void> {
  const { chain, send } = play
  if ((await chain.subnets.count()) === 0) {
    await play.createSubnet({ maxUids: 8, epochLength: 600, revealWindow: 300 })
    for (const name of OPERATORS) await play.register(name)
    await play.stake('owner', 1n, 2_000n * TOKEN)
  }
  await play.stake(voter, 1n, 5_000n * TOKEN)
  const epoch = (await play.epoch()) + 1
  await play.moveToEpoch(epoch)
  await play.vote(epoch, { 'validator 1': { row: [0, 0, 9, 3], reveal: true } })
  await play.settle('bob', epoch)
  t.equal((await chain.consensus.lastSettled(1))?.epoch, epoch, 'an epoch was settled')
  const call = makeIntent(chain.contracts.emission, 'setBountyCap', [4_321n], 'set the largest bounty')
  const content = { calls: [call], description: `decided in ${chain.network.name}` }
  await send(voter, chain.intents.propose(content))
  const proposal = (await chain.governance.proposals())[0]!
  await play.local.moveTo(proposal.snapshotAt + 1)
  await send(voter, chain.intents.castVote(proposal.proposalId, 'for', ''))
  await play.local.moveTo((await chain.governance.standing(proposal)).votesUntil + 1)
  await send('bob', chain.intents.queueProposal(content))
  await play.local.moveTo((await chain.governance.standing(proposal)).executableAt!)
  await send('bob', chain.intents.executeProposal(content))
  t.equal(await chain.contracts.emission.read('bountyCap', []), 4_321n, 'a decision was carried out')
}

/** The owner makes its subnet, model and data set again; the contract says that they are the exported ones. */
async function adopt(ours: Play, fork: Fork, t: Test): Promise<void> {
  const { send, chain } = ours
  await publish(ours)
  await t.rejects(send('owner', fork.intents.adopt('model', 1, 1n)), { code: 'FORK_PROOF_INVALID' }, 'not live yet')
  await plant(ours)
  const decisions = await forkDecisions(chain, body)
  t.strictSame(
    decisions.map((call) => [call.function, ...(call.args as [])]),
    [
      ['setSubnetPolicy', 1, digestOf('policy')],
      ['activate', '1', 1],
    ],
    'what the stakers of the fork have to decide again',
  )
  for (const call of decisions) {
    const { to, data } = encodeNamedCall(call, chain.contractsByAddress)
    await decide(ours, { ...fork.intents.sweep(), to, data })
  }
  t.strictSame(await forkDecisions(chain, body), [], 'and nothing more')
  for (const kind of ['model', 'dataset'] as const) {
    t.equal(await fork.digestOf(kind, 1n), fork.trees.item(kind, 1).digest, `the digest of a ${kind} is the export's`)
    await t.rejects(send('bob', fork.intents.adopt(kind, 1, 1n)), { code: 'NOT_ITEM_OWNER' })
    await send('owner', fork.intents.adopt(kind, 1, 1n))
    t.equal(await fork.successorOf(kind, 1), 1n)
    await t.rejects(send('owner', fork.intents.adopt(kind, 1, 1n)), { code: 'FORK_CLAIMED' })
  }
  t.equal(await fork.digestOf('subnet', 1n), fork.trees.item('subnet', 1).digest, "the subnet is the export's")
  await send('owner', fork.intents.adopt('subnet', 1, 1n))
  await send('owner', ours.chain.intents.createModel({ name: 'another', netuid: 1, forkBps: 0 }))
  t.throws(() => fork.intents.adopt('model', 2, 2n), { code: 'FORK_CLAIM_UNKNOWN' })
}

/** An attacker gives the owner models of the name of its own: of other weights, and one whose income the attacker shares. */
async function plant({ chain, send }: Play): Promise<void> {
  const { intents, contracts } = chain
  const named = { name: 'reader', netuid: 1, forkBps: 2_000 }
  const give = (modelId: bigint) =>
    makeIntent(contracts.models, 'transferFrom', [addressOf('attacker'), addressOf('owner'), modelId], 'give')
  const versionOf = (weights: string) => ({ ...MODEL_VERSION, weights: digestOf(weights), trainedOn: [] })
  await send('attacker', intents.createModel(named), intents.publishVersion(2n, versionOf('of the attacker')), give(2n))
  await send(
    'attacker',
    intents.createModel({ ...named, forkBps: 5_000 }),
    intents.publishVersion(3n, versionOf('weights')),
  )
  await send('attacker', intents.forkModel({ modelId: 3n, version: 1 }, named))
  await send('attacker', intents.publishVersion(4n, versionOf('weights')), give(4n))
}
