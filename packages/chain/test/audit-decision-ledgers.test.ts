// What is decided, held, judged and permitted, from hand-made events.
import { ZERO_ADDRESS } from '@witan/protocol'
import t from 'tap'
import type { EventName } from '../src/abi/events.js'
import { accessAt, applyToAccess, createAccessLedger, delayAt, scheduleAt } from '../src/audit/access-ledger.js'
import { applyToCourt, createCourtLedger } from '../src/audit/court-ledger.js'
import { versionsAround } from '../src/audit/datasets-ledger.js'
import { createFindings } from '../src/audit/findings.js'
import { createGovernorLedger, guardianAt, type ProposalFacts, proposalStateAt } from '../src/audit/governor-ledger.js'
import { heldSinceAt } from '../src/audit/holds.js'
import { applyToMembership, createMembershipLedger, votesOfMembers } from '../src/audit/membership-ledger.js'
import { applyToVault, createVaultLedger } from '../src/audit/vault-ledger.js'
import { alice, bob, carol, HASH, made } from './support/made-event.js'

t.test('a proposal stands where its votes and its times put it', async (t) => {
  const times = { snapshot: 10, deadline: 20, expiry: 60, eta: 0 }
  const facts = (votes: ProposalFacts['votes'], more: Partial<ProposalFacts> = {}): ProposalFacts => {
    return { ...times, proposer: alice, isExecuted: false, isCanceled: false, voters: new Set(), votes, ...more }
  }
  const state = (now: number, votes: ProposalFacts['votes'], more?: Partial<ProposalFacts>) =>
    proposalStateAt(facts(votes, more), now, { quorum: 4n, superQuorum: 67n })
  t.equal(state(10, [0n, 0n, 0n]), 'pending')
  t.equal(state(20, [0n, 66n, 0n]), 'active')
  t.equal(state(20, [0n, 67n, 0n]), 'succeeded', 'a majority of all stake ends the vote')
  t.equal(state(20, [80n, 67n, 0n]), 'active')
  t.equal(state(21, [0n, 2n, 1n]), 'defeated', 'no quorum')
  t.equal(state(21, [2n, 2n, 2n]), 'defeated', 'no majority')
  t.equal(state(21, [0n, 2n, 2n]), 'succeeded')
  t.equal(state(21, [0n, 4n, 0n], { eta: 30 }), 'queued')
  t.equal(state(61, [0n, 4n, 0n], { eta: 30 }), 'expired')
  t.equal(state(61, [4n, 0n, 0n]), 'defeated')
  t.equal(state(61, [0n, 4n, 0n], { isExecuted: true }), 'executed')
  t.equal(state(61, [0n, 4n, 0n], { isCanceled: true }), 'canceled')
  t.equal(guardianAt({ ...createGovernorLedger(), guardian: alice, guardianUntil: 50 }, 51), ZERO_ADDRESS)
})

t.test('holds: those that overlap are one, which lapses and never reaches further back than it lasts', async (t) => {
  const ledger = createVaultLedger()
  const apply = (name: EventName<'StakeVault'>, args: object, time: number) =>
    applyToVault(ledger, made('StakeVault', name, { nodeId: 1n, ...args }), time)
  const since = (now: number) => heldSinceAt(ledger.nodes.get(1n)!.hold, now, 100)
  apply('NodeCreated', { owner: alice, operator: bob }, 1)
  t.equal(since(5), 0)
  apply('Held', { since: 10, open: 1 }, 10)
  apply('Held', { since: 10, open: 2 }, 60)
  t.same([60, 110, 130, 160, 161].map(since), [10, 10, 30, 60, 0])
  apply('Released', { heldAt: 10, open: 1 }, 70)
  t.equal(since(70), 10, 'one is left')
  apply('Released', { heldAt: 60, open: 0 }, 80)
  t.equal(since(80), 0)
})

t.test('court: what an accusation came to, and nothing twice', async (t) => {
  const ledger = createCourtLedger()
  const apply = (name: EventName<'DisputeCourt'>, args: object, time: number) =>
    applyToCourt(ledger, made('DisputeCourt', name, { nodeId: 3n, ...args }), time)
  t.same(apply('SlashBpsSet', { previous: 0, current: 1_000 }, 1), { rebuilt: [0], told: [0] })
  const accused = { challenger: alice, requestDigest: HASH, fault: 0, faultAt: 4, slashBps: 1_000 }
  for (const accusationId of [1n, 2n, 3n]) {
    t.same(apply('Accused', { accusationId, ...accused }, 5), { rebuilt: [1_000], told: [1_000] })
  }
  apply('SlashBpsSet', { previous: 1_000, current: 200 }, 6)
  t.same(apply('Accused', { accusationId: 4n, ...accused }, 7)?.rebuilt, [200], 'not the part in force')
  const executed = { accusationId: 1n, burned: 9n, reward: 1n }
  t.same(apply('AccusationExecuted', executed, 8), { rebuilt: ['open', 3n], told: ['open', 3n] })
  t.same(apply('AccusationExecuted', executed, 9)?.rebuilt, ['executed', 3n], 'it was over')
  apply('AccusationVetoed', { accusationId: 2n }, 9)
  apply('AccusationDismissed', { accusationId: 3n, nodeId: 4n }, 9)
  t.same(
    [...ledger.accusations.values()].map(({ state }) => state),
    ['executed', 'vetoed', 'dismissed', 'open'],
  )
  t.match(ledger.accusations.get(4n), { accusedAt: 7, faultAt: 4, nodeId: 3n, challenger: alice })
})

t.test('permissions: a delay that changes later is the former until then, and a schedule expires', async (t) => {
  const ledger = createAccessLedger()
  const apply = (name: EventName<'WitanAccess'>, args: object, time: number) =>
    applyToAccess(ledger, made('WitanAccess', name, args), time)
  const grant = { roleId: 7n, account: alice }
  apply('RoleGranted', { ...grant, delay: 20, since: 15, newMember: true }, 10)
  apply('RoleGranted', { ...grant, delay: 5, since: 45, newMember: false }, 30)
  const held = ledger.grants.get(`7 ${alice}`)!
  t.same(
    [accessAt(held, 44), accessAt(held, 45)],
    [
      [15, 20, 5, 45],
      [15, 5, 0, 0],
    ],
  )
  apply('RoleRevoked', grant, 50)
  t.same(accessAt(ledger.grants.get(`7 ${alice}`)!, 50), [0, 0, 0, 0])
  apply('TargetAdminDelayUpdated', { target: bob, delay: 60, since: 500 }, 100)
  apply('TargetAdminDelayUpdated', { target: bob, delay: 30, since: 900 }, 600)
  const delay = ledger.adminDelays.get(bob)
  t.same([delayAt(delay, 899), delayAt(delay, 900), delayAt(undefined, 900)], [60, 30, 0])
  t.same([scheduleAt(100, 604_899), scheduleAt(100, 604_900)], [100, 0], 'after a week')
})

t.test('findings count all and keep the first', async (t) => {
  const findings = createFindings()
  findings.compare('tokens', 'same', 5n, 5n)
  for (let index = 0; index < 30; index++) findings.compare('tokens', `value ${index}`, BigInt(index), undefined)
  const [tokens] = findings.sections()
  t.match(tokens, { section: 'tokens', compared: 31, differing: 30 })
  t.equal(tokens?.differences.length, 20)
  t.same(tokens?.differences[1], { contract: 'WitanToken', what: 'value 1', rebuilt: '1', stored: 'none' })
})

t.test('orders: two versions tell which editions an account has, of however many', async (t) => {
  const versions = Array.from(
    { length: 1_000 },
    (_, index) => [index + 1, { edition: Math.ceil((index + 1) / 2) }] as const,
  )
  const around = (edition: number) => versionsAround(versions, edition).map(([number]) => number)
  t.same([around(0), around(1), around(7), around(500), around(900)], [[1], [2, 3], [14, 15], [1_000], [1_000]])
  t.same(versionsAround([], 1), [])
})

t.test('membership: who decides, for whom it votes, and how many there are', async (t) => {
  const ledger = createMembershipLedger()
  const apply = (name: EventName<'MembershipToken'>, args: object, time: number) =>
    applyToMembership(ledger, made('MembershipToken', name, args, time), time)
  apply('Admitted', { account: alice, members: 1n }, 10)
  apply('Admitted', { account: bob, members: 2n }, 10)
  apply('DelegateChanged', { delegator: bob, fromDelegate: bob, toDelegate: alice }, 20)
  apply('DelegateVotesChanged', { delegate: bob, previousVotes: 1n, newVotes: 0n }, 20)
  const vote = 10n ** 18n
  t.same(
    [...votesOfMembers(ledger)],
    [
      [bob, 0n],
      [alice, 2n * vote],
    ],
  )
  t.same(apply('Removed', { account: alice, members: 1n }, 30), { rebuilt: [1n], told: [1n] })
  t.same(
    [...votesOfMembers(ledger)],
    [
      [bob, 0n],
      [alice, vote],
    ],
    'who is a member no more still votes for others',
  )
  t.same([ledger.count.at(29), ledger.count.at(30)], [2n, 1n])
  t.same(apply('Admitted', { account: carol, members: 3n }, 40), { rebuilt: [2n], told: [3n] }, 'one event is missing')
})
