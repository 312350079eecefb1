// The reducers on hand-made events: each fact from the events that tell it, and nothing else.
import { MINIMAL_PARAMETERS, packWords, ZERO_ADDRESS } from '@witan/protocol'
import t from 'tap'
import type { EventName } from '../src/abi/events.js'
import { applyVote, voterSince, votesOf } from '../src/audit/consensus-ledger.js'
import { applyEpochPaid, applyToEmission, createEmissionLedger, emissionOf } from '../src/audit/emission-ledger.js'
import { applyToGauge, createGaugeLedger, dueUntil, shareAt } from '../src/audit/gauge-ledger.js'
import { createHistory } from '../src/audit/history.js'
import { declareOwnSlots, type OwnVersion, ownSlotsBefore } from '../src/audit/own-slots.js'
import { applyToRevenue, createRevenueLedger, tableAt } from '../src/audit/revenue-ledger.js'
import { applyToRoyalties, createRoyaltiesLedger } from '../src/audit/royalties-ledger.js'
import { splitPay } from '../src/audit/slot-pay.js'
import { rebuildSnapshot } from '../src/audit/snapshot.js'
import { applyToSubnets, createSubnetsLedger, slotsBefore } from '../src/audit/subnets-ledger.js'
import { addVersion, pendingVersion, runningEpoch, windowOf } from '../src/audit/timeline.js'
import { applyToToken, createTokenLedger } from '../src/audit/token-ledger.js'
import { applyToVault, createVaultLedger } from '../src/audit/vault-ledger.js'
import { rowHashOf } from '../src/client/packed-hash.js'
import { alice, bob, carol, HASH, made } from './support/made-event.js'

t.test('tokens: mints, transfers and burns', async (t) => {
  const ledger = createTokenLedger()
  const move = (from: string, to: string, value: bigint) =>
    applyToToken(ledger, made('WitanToken', 'Transfer', { from, to, value }))
  move(ZERO_ADDRESS, alice, 100n)
  move(alice, bob, 30n)
  move(bob, ZERO_ADDRESS, 5n)
  t.same([ledger.totalSupply, ledger.balances.get(alice), ledger.balances.get(bob)], [95n, 70n, 25n])
})

t.test('vault: shares, the queue, and rewards that unlock without an event of their own', async (t) => {
  const ledger = createVaultLedger()
  const apply = (name: EventName<'StakeVault'>, args: object, tx: number, time = tx) =>
    applyToVault(ledger, made('StakeVault', name, { nodeId: 1n, ...args }, tx), time)
  apply('NodeCreated', { owner: alice, operator: bob }, 1)
  apply('Staked', { account: alice, assets: 100n, shares: 1000n }, 2)
  apply('StakeUpdated', { assets: 100n }, 2)
  apply('RewardAdded', { reward: 50n, locked: 50n, unlockEnd: 40 }, 3)
  const node = ledger.nodes.get(1n)!
  t.equal(node.locked, 50n)
  apply('StakeUpdated', { assets: 120n }, 4)
  t.same([node.assets, node.locked], [120n, 30n], 'what no move explains was unlocked')
  apply('UnstakeRequested', { requestId: 1n, account: alice, assets: 60n, shares: 500n }, 5)
  apply('StakeUpdated', { assets: 70n }, 5)
  t.same([node.assets, node.locked, node.unbonding, node.shares], [70n, 20n, 60n, 500n])
  t.equal(node.stakes.at(4), 120n)
  apply('Withdrawn', { requestId: 1n, account: alice, assets: 55n }, 6)
  t.same([node.unbonding, ledger.requests.get(1n)?.assets], [0n, 0n])
  apply('OperatorSet', { operator: carol, previous: bob }, 7)
  t.same(
    [...ledger.everNodeOf],
    [
      [bob, 1n],
      [carol, 1n],
    ],
    'a key that served stays known',
  )
  t.same(
    [...ledger.retiredAt],
    [
      [bob, 7],
      [carol, 0],
    ],
  )
  apply('TakeSet', { takeBps: 900 }, 8)
  apply('TakeSet', { takeBps: 100 }, 9)
  t.same([node.takes.at(8), node.takes.latest(), node.takeRaisedAt], [900n, 100n, 8])

  applyToVault(ledger, made('StakeVault', 'NodeCreated', { nodeId: 2n, owner: bob, operator: alice }), 9)
  const moved = { fromNode: 1n, toNode: 2n, account: alice, assets: 14n, shares: 100n, received: 140n }
  applyToVault(ledger, made('StakeVault', 'Redelegated', moved, 10), 10)
  t.same([ledger.shares.get(1n)?.get(alice), ledger.shares.get(2n)?.get(alice)], [400n, 140n])
  apply('DebtPaid', { account: alice, assets: 3n, shares: 10n, debt: 0n }, 11)
  apply('DebtPaid', { account: alice, assets: 3n, shares: 0n, debt: 0n }, 11)
  t.equal(node.shares, 390n, 'a debt withheld from a withdrawal takes no shares')
  apply('PoolClosed', { generation: 1n }, 12)
  t.same([node.shares, ledger.shares.get(1n)], [0n, undefined], 'shares of a closed pool are void')
})

t.test('timeline: the next version decides the windows, and a pending one is overwritten', async (t) => {
  const parameters = (epochLength: number) => ({ ...MINIMAL_PARAMETERS, epochLength, revealWindow: epochLength / 2 })
  const versions = [{ fromEpoch: 0, fromTime: 1000, parameters: parameters(100) }]
  t.same(windowOf(versions, 1), { startsAt: 1100, endsAt: 1200, revealEndsAt: 1250, settleEndsAt: 1300 })
  addVersion(versions, { fromEpoch: 2, fromTime: 1200, parameters: parameters(40) }, 1150)
  t.same(windowOf(versions, 1), { startsAt: 1100, endsAt: 1200, revealEndsAt: 1220, settleEndsAt: 1240 })
  addVersion(versions, { fromEpoch: 2, fromTime: 1200, parameters: parameters(60) }, 1190)
  t.same([versions.length, pendingVersion(versions, 1190)?.parameters.epochLength], [2, 60])
  t.same([pendingVersion(versions, 1200), runningEpoch(versions, 1319)], [undefined, 3])
})

t.test('own slots: from the next epoch on, and never for a later holder', async (t) => {
  const versions: OwnVersion[] = []
  declareOwnSlots(versions, [0, 1], true, 200)
  declareOwnSlots(versions, [1], false, 200)
  declareOwnSlots(versions, [2], true, 300)
  const holders = [{ since: 10 }, { since: 10 }, { since: 350 }]
  t.same(ownSlotsBefore(versions, holders, 200), [], 'not in the epoch of the declaration')
  t.same(ownSlotsBefore(versions, holders, 300), [0])
  t.same(ownSlotsBefore(versions, holders, 400), [0], 'who came after the declaration is left out')
})

t.test('subnets: a slot remembers two holders, votes belong to one', async (t) => {
  const ledger = createSubnetsLedger()
  const apply = (name: EventName<'Subnets'>, args: object, time: number) =>
    applyToSubnets(ledger, made('Subnets', name, { netuid: 1, ...args }), time)
  const terms = { owner: alice, startedAt: 100, membership: 0, closesAt: 0, lock: 5n, mechanism: HASH, name: 'one' }
  apply('SubnetCreated', { subnet: { ...terms, parameters: MINIMAL_PARAMETERS }, modelVersions: [HASH] }, 100)
  apply('NeuronRegistered', { uid: 0, nodeId: 7n }, 110)
  apply('NeuronDeregistered', { uid: 0, nodeId: 7n }, 130)
  const subnet = ledger.subnets.get(1)!
  t.same(slotsBefore(subnet, 110), [], 'a slot does not exist before it is given')
  t.same(slotsBefore(subnet, 130), [{ nodeId: 7n, since: 110 }])
  apply('NeuronRegistered', { uid: 0, nodeId: 8n }, 150)
  t.same(slotsBefore(subnet, 150), [{ nodeId: 0n, since: 130 }], 'vacant')
  apply('NeuronPruned', { uid: 0, nodeId: 8n }, 180)
  apply('NeuronRegistered', { uid: 0, nodeId: 9n }, 180)
  t.same([[...subnet.uidOf], subnet.registered, subnet.deregistered, subnet.pruned], [[[9n, 0]], 3, 1, 1])
  apply('OwnershipOffered', { candidate: bob }, 190)
  apply('OwnershipTransferred', { owner: bob }, 191)
  apply('SubnetDissolved', { lastEpoch: 6n, closesAt: 205 }, 192)
  t.match(subnet, { owner: bob, candidate: ZERO_ADDRESS, closesAt: 205, lastEpoch: 6 })

  const votes = votesOf(new Map(), 1)
  const vote = (name: 'Committed' | 'Revealed', args: object, since: number) => {
    const event = made('Consensus', name, { netuid: 1, uid: 0, epoch: 4n, committedAt: 170, ...args })
    applyVote(votes, event as Parameters<typeof applyVote>[1], { nodeId: 9n, since })
  }
  vote('Committed', { commitment: HASH }, 150)
  t.same([...votes.withheld.get(4)!], [0])
  vote('Revealed', { packedRow: [3n], version: 0n }, 150)
  t.same([...votes.withheld.get(4)!], [])
  t.equal(voterSince(votes, 0, 150)?.rowHash, rowHashOf(170, [3n]))
  t.equal(voterSince(votes, 0, 180), undefined, 'the next holder starts with nothing')
})

t.test('a snapshot follows from slots, stakes and takes at the start of the epoch', async (t) => {
  const history = (...entries: [number, bigint][]) => {
    const made = createHistory()
    for (const [time, value] of entries) made.push(time, value)
    return made
  }
  const ledger = createSubnetsLedger()
  const terms = { owner: alice, startedAt: 0, membership: 0, closesAt: 0, lock: 5n, mechanism: HASH, name: 'one' }
  const subnet = { ...terms, parameters: { ...MINIMAL_PARAMETERS, stakeThreshold: 5n, maxValidators: 1 } }
  applyToSubnets(ledger, made('Subnets', 'SubnetCreated', { netuid: 1, subnet, modelVersions: [] }), 0)
  for (const [uid, nodeId] of [1n, 2n, 3n].entries()) {
    applyToSubnets(ledger, made('Subnets', 'NeuronRegistered', { netuid: 1, uid, nodeId }), 2)
  }
  const node = (stakes: ReturnType<typeof history>) => ({ stakes, takes: history([1, 700n]) })
  const nodes = new Map([
    [1n, node(history([3, 10n], [20, 99n]))],
    [2n, node(history([3, 10n]))],
    [3n, node(history([3, 4n]))],
  ]) as unknown as Parameters<typeof rebuildSnapshot>[1]['nodes']
  const { kappa, bondsAlpha, bondsPenalty, liquidAlpha, alphaLow, alphaHigh, alphaSteepness } = MINIMAL_PARAMETERS
  const { ownerCut, minersCut, validatorsCut } = MINIMAL_PARAMETERS
  t.same(rebuildSnapshot(ledger.subnets.get(1)!, { nodes }, 1), {
    terms: {
      ...{ end: 30, revealEnd: 37, settleEnd: 45, activityCutoff: 210n, kappa, bondsAlpha, bondsPenalty },
      ...{ liquidAlpha, alphaLow, alphaHigh, alphaSteepness, ownerCut, minersCut, validatorsCut },
    },
    uids: 3,
    stakes: packWords([10, 10, 0], 32),
    registeredAt: packWords([2, 2, 2], 64),
    takes: packWords([700, 700, 0], 16),
    newPermits: [0b10n],
    ownSlots: [0n],
  })
})

t.test('emission: what an epoch paid reaches slots, nodes and owners, to the wei', async (t) => {
  const GWEI = 10n ** 9n
  const ONE = 2n ** 31n
  const snapshot = { uids: 2, takes: packWords([1_000, 0], 16), ownSlots: [0b10n] }
  const result = { incentive: [ONE / 2n, ONE / 2n], validatorPay: [ONE, 0n], minersVoted: true }
  const cuts = { ownerCut: 1_000, minersCut: 4_500, validatorsCut: 4_500 }
  const replayed = { snapshot, result, permits: [0] } as unknown as Parameters<typeof splitPay>[3]
  const { slots, ...parts } = splitPay(2_000n * GWEI + 7n, 5n * GWEI, cuts, replayed)
  t.same(parts, {
    bounty: 5n * GWEI,
    owner: 199n * GWEI,
    incentive: 448n * GWEI,
    take: 89n * GWEI,
    pooled: 808n * GWEI,
    notMinted: 448n * GWEI,
    carried: 3n * GWEI + 7n,
  })
  t.same(slots, [
    { uid: 0, owed: 537n * GWEI, pooled: 808n * GWEI },
    // uid 1 is the subnet owner's own: its incentive is not minted.
  ])

  const ledger = createEmissionLedger()
  const paid = { ...parts, scheduled: 2_000n * GWEI + 7n, emission: 2_000n * GWEI + 7n }
  const event = made('Emission', 'EpochPaid', { netuid: 1, epoch: 4n, settler: carol, paid })
  applyEpochPaid(ledger, event as Parameters<typeof applyEpochPaid>[1], 900, slots)
  const uidOf = (_: number, nodeId: bigint) => (nodeId === 1n ? 0 : undefined)
  const apply = (name: EventName<'Emission'>, args: object) =>
    applyToEmission(ledger, made('Emission', name, { netuid: 1, ...args }), uidOf, () => [1])
  t.same(apply('PoolPulled', { nodeId: 1n, amount: 808n * GWEI })?.rebuilt, [808n * GWEI])
  apply('PayRedirected', { uid: 0, nodeId: 2n, claimable: 7n * GWEI, pooled: 0n })
  t.same(apply('SlotCredited', { uid: 0, nodeId: 1n, claimable: 530n * GWEI, pooled: 0n })?.rebuilt, [530n * GWEI, 0n])
  t.same(apply('Claimed', { nodeId: 1n, owner: alice, amount: 530n * GWEI })?.rebuilt, [530n * GWEI])
  t.same(apply('OwnerCutClaimed', { owner: alice, amount: 199n * GWEI })?.rebuilt, [199n * GWEI])
  t.same(apply('BountyClaimed', { settler: carol, amount: 5n * GWEI })?.rebuilt, [5n * GWEI])
  t.match(emissionOf(ledger, 1).books, { claimable: 7n * GWEI, claimed: 729n * GWEI, pooled: 808n * GWEI })
  t.same(emissionOf(ledger, 1).credited.get(2n), { owed: 7n * GWEI, pooled: 0n })
})

t.test(
  'gauge: votes count from the boundary on, a subnet that leaves takes its votes along, and dues add up',
  async (t) => {
    const ONE = 10n ** 18n
    const ledger = createGaugeLedger({ scheduleCap: 1_000n * ONE, gaugePeriod: 100 })
    const apply = (name: EventName<'Emission'>, args: object, time: number) =>
      applyToGauge(ledger, made('Emission', name, args), time)
    t.equal(apply('MaxShareSet', { maxShareBps: 6_000, since: 0 }, 1_000), undefined)
    apply('SubnetActivated', { netuid: 1, since: 1_010, activeSubnets: 1n }, 1_010)
    const second = apply('SubnetActivated', { netuid: 2, since: 1_020, activeSubnets: 2n }, 1_020)
    t.same(second, { rebuilt: [1_020, 2n], told: [1_020, 2n] })
    t.equal(dueUntil(ledger, 1, 1_040), 6n * ONE + 10n * ONE, 'alone up to the limit, then half')
    apply('Pointed', { account: alice, netuids: [1, 2], weights: [1, 3] }, 1_050)
    t.same(apply('VotesSet', { account: alice, stake: 8n * ONE, since: 1_100 }, 1_050)?.rebuilt, [1_100])
    t.same([shareAt(ledger, 1, 1_099), shareAt(ledger, 1, 1_100)], [ONE / 2n, (ONE * 3n) / 10n], '2 of 8, and the base')
    t.equal(shareAt(ledger, 2, 1_100), (ONE * 6n) / 10n, 'the limit, not 7 of 10')
    apply('VotesSet', { account: alice, stake: 40n * ONE, since: 1_200 }, 1_130)
    apply('SubnetDeactivated', { netuid: 2, since: 1_140, activeSubnets: 1n }, 1_140)
    t.same([shareAt(ledger, 2, 1_150), shareAt(ledger, 1, 1_150)], [0n, (ONE * 6n) / 10n])
    t.same(
      [ledger.total.at(1_150).votes, ledger.total.at(1_200).votes],
      [2n * ONE, 10n * ONE],
      'those that wait go as well',
    )
    t.equal(dueUntil(ledger, 2, 1_300), 40n * ONE + 24n * ONE)
    t.equal(dueUntil(ledger, 1, 1_300), 6n * ONE + 40n * ONE + 12n * ONE + 96n * ONE)
    t.equal(dueUntil(ledger, 3, 1_300), 0n)
    const smaller = apply('MaxShareSet', { maxShareBps: 3_000, since: 1_400 }, 1_310)
    t.same(smaller, { rebuilt: [1_400], told: [1_400] })
    t.equal(dueUntil(ledger, 1, 1_500), 154n * ONE + 60n * ONE + 30n * ONE, 'each time with its own largest share')
  },
)

t.test('a pot and unclaimed royalties are swept to the wei, and a table counts from its moment on', async (t) => {
  const ledger = createRevenueLedger()
  const apply = (name: EventName<'RevenueSplitter'>, args: object, time: number) =>
    applyToRevenue(ledger, made('RevenueSplitter', name, { netuid: 1, nodeId: 3n, modelId: 7n, ...args }), time)
  apply('RevenuePaidIn', { assets: 100n }, 10)
  const parts = { creators: 30n, pool: 40n, dataSets: 10n, validators: 10n, treasury: 10n }
  t.same(apply('Distributed', parts, 20), { rebuilt: [100n], told: [100n] })
  t.same(ledger.pots.get(1), { assets: 10n, since: 20 })
  apply('ValidatorPaid', { owner: alice, assets: 6n }, 30)
  t.same(ledger.pots.get(1), { assets: 4n, since: 30 })
  apply('RevenuePaidIn', { assets: 10n }, 40)
  apply('Distributed', { ...parts, creators: 0n, pool: 0n, dataSets: 0n, treasury: 0n }, 40)
  t.same(ledger.pots.get(1), { assets: 14n, since: 30 }, 'it was not empty')
  t.same(apply('PotSwept', { assets: 14n }, 50), { rebuilt: [14n], told: [14n] })
  t.same(apply('Withdrawn', { account: alice, assets: 5n }, 60)?.rebuilt, [0n], 'nothing was credited')
  const table = (pool: number) => ({ creators: 10_000 - pool, pool, dataSets: 0, validators: 0, treasury: 0 })
  t.match(tableAt(ledger, 1, 60), { creators: 3_000, pool: 4_000 })
  apply('TableSigned', { table: table(5_000), fromTime: 100, nonce: 0n }, 70)
  t.match([tableAt(ledger, 1, 99), tableAt(ledger, 1, 100)], [{ pool: 4_000 }, { pool: 5_000 }])
  apply('TableSigned', { table: table(6_000), fromTime: 90, nonce: 1n }, 80)
  t.match(
    [tableAt(ledger, 1, 89), tableAt(ledger, 1, 90)],
    [{ pool: 4_000 }, { pool: 6_000 }],
    'it replaces one that waits',
  )

  const royalties = createRoyaltiesLedger()
  const tell = (name: EventName<'DatasetRegistry'>, args: object, time: number) =>
    applyToRoyalties(royalties, made('DatasetRegistry', name, { setId: 1n, version: 2, ...args }), time)
  tell('RoyaltyPaid', { toOwner: 3n, toContributors: 70n }, 10)
  for (const amount of [14n, 0n]) tell('RoyaltyClaimed', { contributor: alice, records: 2n, amount }, 20)
  t.match(royalties.versions.get('1 2')?.pool, { paid: 70n, claimed: 14n, provenRecords: 2n, lastPaidAt: 10 })
  t.same(tell('RoyaltySwept', { amount: 56n }, 99), { rebuilt: [56n], told: [56n] })
  t.match(royalties.versions.get('1 2')?.pool, { paid: 0n, claimed: 0n, round: 1, provenRecords: 2n })
})
