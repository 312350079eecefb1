// A network whose members decide, one vote each, and stake does not.
import { abis } from '@witan/contracts'
import t from 'tap'
import { bindContract } from '../src/abi/contract.js'
import { interfaceOf } from '../src/abi/interface-of.js'
import { makeIntent } from '../src/client/intents/make-intent.js'
import { checkDeployPlan } from '../src/deploy/deploy-file.js'
import { verifyDeployment } from '../src/deploy/verify-deployment.js'
import {
  auditNetwork,
  deployFileSchema,
  deployNetwork,
  estimateDeployment,
  exportNetwork,
  type Intent,
  openFork,
  planFork,
  readDeployFile,
} from '../src/index.js'
import { falsify } from './support/falsify.js'
import { keyOf } from './support/keys.js'
import { logger, startLocalChain } from './support/local-chain.js'
import { startPlay, TOKEN } from './support/play.js'
import { testPlan } from './support/test-network.js'
import { domainOf, twoAnswers } from './support/two-answers.js'

t.setTimeout(180_000)

const NAMES = ['alice', 'bob', 'carol']
const [alice, bob, carol] = NAMES.map((name) => keyOf(name).address)
const owner = keyOf('owner').address
const base = testPlan()
const plan = {
  ...base,
  votes: 'members' as const,
  members: [alice!, bob!, carol!],
  governance: { ...base.governance, maxProposalThreshold: TOKEN },
}
const EXAMPLE = new URL('../../../../configs/networks/consortium.yaml', import.meta.url)

t.test('a plan in which members could not decide is refused', async (t) => {
  const refused = (change: object, parameter: string) =>
    t.throws(() => checkDeployPlan({ ...plan, ...change }), { code: 'PARAMETER_INVALID', facts: { parameter } })
  refused({ members: [] }, 'members')
  refused({ members: [alice, bob, alice] }, 'members')
  refused({ votes: 'stake' }, 'members')
  refused({ governance: base.governance }, 'governance.maxProposalThreshold')
  refused({ genesis: [] }, 'genesis')
  t.doesNotThrow(() => checkDeployPlan(plan))
  t.match(readDeployFile(EXAMPLE.pathname), { votes: 'members', members: { length: 3 } }, 'the example is such a plan')
  t.equal(
    deployFileSchema.parse({ name: 'a', chainId: 1, genesis: [] }).votes,
    'stake',
    'stake decides unless it says so',
  )
})

t.test('members without stake decide, and whoever has all the stake does not', async (t) => {
  const local = await startLocalChain(['deployer', 'forker', 'owner', 'dave', ...NAMES])
  t.teardown(() => local.stop())
  const estimate = await estimateDeployment(plan, keyOf('deployer').address, local.rpc)
  const sender = await local.senderOf('deployer')
  const network = await deployNetwork({ plan, rpcUrls: [local.chain.rpcUrl()] }, { rpc: local.rpc, sender, logger })
  t.equal(network.membership, estimate.contracts.membership, 'at the address that was foretold')
  const play = await startPlay(local, network)
  const { chain, send } = play
  const { intents, contracts, governance } = chain
  const { votes, contractsByAddress } = await chain.companions()
  t.equal(contractsByAddress.get(network.membership!), 'MembershipToken')

  await play.createSubnet({ epochLength: 600, revealWindow: 300 })
  const addresses = { ...network.contracts, membership: network.membership! }
  await t.resolves(verifyDeployment(local.rpc, plan, addresses), 'a subnet that came meanwhile changes no term')
  await play.register('operator')
  await play.stake('owner', 1n, 100_000n * TOKEN)
  await local.moveTo((await chain.latestBlock()).timestamp + 2)
  t.equal(await votes.votesOf(owner), 0n, 'stake has no vote')
  t.equal(await votes.votesOf(alice!), TOKEN, 'a member has one')
  const membership = { name: 'MembershipToken', address: network.membership! }

  const decide = async (call: Intent, voters: readonly string[]) => {
    const content = { calls: [call], description: call.description }
    await t.rejects(send('owner', intents.propose(content)), { code: 'VOTES_TOO_FEW' })
    await send(voters[0]!, intents.propose(content))
    const proposal = (await governance.proposals()).at(-1)!
    await local.moveTo(proposal.snapshotAt + 1)
    for (const name of voters) await send(name, intents.castVote(proposal.proposalId, 'for', ''))
    t.equal((await governance.standing(proposal)).forWei, BigInt(voters.length) * TOKEN, `${voters.length} votes`)
    await local.moveTo((await governance.standing(proposal)).votesUntil + 1)
    await send('owner', intents.queueProposal(content))
    await local.moveTo((await governance.standing(proposal)).executableAt!)
    await send('owner', intents.executeProposal(content))
  }
  await decide(makeIntent(contracts.emission, 'setBountyCap', [77n], 'a smaller bounty'), ['alice', 'bob'])
  t.equal(await contracts.emission.read('bountyCap', []), 77n, 'carried out')

  const token = bindContract(membership.name, abis.MembershipToken, membership.address, local.rpc)
  const dave = keyOf('dave').address
  await decide(makeIntent(token, 'admit', [dave], 'admit dave'), ['alice', 'carol'])
  await decide(makeIntent(token, 'remove', [carol!], 'remove carol'), ['alice', 'dave'])
  t.equal(await votes.votesOf(carol!), 0n, 'a removed member has no vote')
  await t.rejects(send('alice', makeIntent(token, 'admit', [owner], 'alone')), { code: 'NOT_GOVERNANCE' })
  const move = makeIntent(token, 'transfer', [owner, TOKEN], 'move')
  await t.rejects(send('alice', move), { code: 'MEMBERSHIP_FIXED' }, 'memberships do not move')

  // Its court works on the stake of its vault, and its members are the ones to veto.
  const { bond, wait } = await chain.court.terms()
  await send('owner', intents.transfer(bob!, 2n * bond))
  await send('bob', ...(await chain.approvals({ owner: bob!, spender: 'court', amountWei: 2n * bond })))
  const parties = { consumer: bob!, miner: keyOf('operator'), nodeId: 1n, domain: domainOf(chain.network) }
  const accuse = async (number: number) => {
    const { timestamp: deadline } = await chain.latestBlock()
    const fault = twoAnswers({ ...parties, nonce: new Uint8Array(32).fill(number), deadline })
    return send('bob', intents.accuse(fault))
  }
  const stakeOf = async () => (await chain.vault.pool(1n)).assets
  const staked = await stakeOf()
  await accuse(1)
  t.ok((await chain.court.heldSince(1n)) > 0, 'the node is held')
  await t.rejects(send('owner', intents.requestUnstake(1n, TOKEN)), { code: 'STAKE_HELD' })
  const veto = intents.vetoAccusation(1n)
  await t.rejects(send('alice', veto), { code: 'NOT_GOVERNANCE' }, 'a member alone does not veto')
  await decide(veto, ['alice', 'bob'])
  t.equal(await chain.court.heldSince(1n), 0, 'vetoed by the members, it is held no longer')
  await accuse(2)
  await local.moveTo((await chain.latestBlock()).timestamp + wait)
  await send('alice', intents.executeAccusation(2n))
  t.equal(await stakeOf(), (staked * 9n) / 10n, 'slashed')
  await send('dave', makeIntent(token, 'delegate', [alice!], 'delegate'))
  const audit = await auditNetwork(chain)
  t.strictSame(
    audit.sections.flatMap(({ differences }) => differences),
    [],
    'what is stored is what the events tell',
  )
  const ofMembers = async () => (await auditNetwork(chain)).sections.find(({ section }) => section === 'membership')!
  const falsified: [what: string, method: string, args: readonly unknown[], bit?: number][] = [
    ['number of members', 'memberCount', [], 62],
    [`member ${alice}`, 'balanceOf', [alice]],
    [`member ${carol}`, 'balanceOf', [carol]],
    [`delegate of ${dave}`, 'delegates', [dave]],
    [`votes of ${alice}`, 'getVotes', [alice], 48],
    [`votes of ${carol}`, 'getVotes', [carol], 48],
  ]
  for (const [what, method, args, bit = 0] of falsified) {
    const view = interfaceOf(token.abi).encodeFunctionData(method, args)
    const found = await falsify(local.rpc, token.address, view, 1n << BigInt(bit), async () =>
      (await ofMembers()).differences.find((difference) => difference.what === what),
    )
    t.match(found, { contract: 'MembershipToken', what }, what)
  }
  const put = await ofMembers()
  t.match(put, { differing: 0 }, 'put back, nothing differs')
  t.ok(put.compared >= 15, `${put.compared} compared`)

  // Who left the consortium forks it: the others are its members.
  const body = await exportNetwork(chain, { block: (await chain.latestBlock()).number })
  t.strictSame(body.terms.members, [alice!, bob!, dave].sort(), 'the members of today')
  const choices = { name: 'theirs', chainId: 31_337, excluded: new Set([bob!]), changes: new Map<string, string>() }
  const forked = planFork(body, choices)
  t.match(forked, { votes: 'members', members: [alice!, dave].sort() }, 'members of the fork')
  const forker = await local.senderOf('forker')
  const urls = [local.chain.rpcUrl()]
  const theirs = await deployNetwork(
    { plan: forked, rpcUrls: urls, excluded: [bob!] },
    { rpc: local.rpc, sender: forker, logger },
  )
  const fork = await openFork({ network: theirs, rpc: local.rpc }, body)
  t.equal(await fork.hasClaimed(owner), false, 'and its holders can claim')
})
