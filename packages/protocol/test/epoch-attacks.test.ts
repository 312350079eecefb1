// Ways to earn more than one's share, with random seeds: what the rules exclude, and what they only bound.
import t from 'tap'
import { type EpochInput, type EpochResult, runEpoch, SHARE_ONE, WEIGHT_ONE } from '../src/index.js'
import { type Player, playGame, splitPlayer } from './epoch-game.js'
import { createDraw, fullEpochInput, randomEpochInput } from './epoch-random-input.js'

const SEEDS = Array.from({ length: 120 }, (_, index) => index)
const ONE = 65_535
/** Shares are rounded down, and bonds to 1/65535 before. */
const ROUNDING = 2e-4
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
const text = (result: EpochResult) =>
  JSON.stringify(result, (_, value) => (typeof value === 'bigint' ? value.toString() : value))

type Draw = (limit: number) => number
const fraction = (draw: Draw) => draw(2 ** 30) / 2 ** 30
const noisy = (scores: readonly number[], draw: Draw) => scores.map((score) => score * (0.7 + 0.6 * fraction(draw)))
const arbitrary = (scores: readonly number[], draw: Draw) => scores.map(() => (draw(10) < 3 ? 0 : fraction(draw)))
const qualities = (draw: Draw, miners = 10) => Array.from({ length: miners }, () => 0.1 + fraction(draw))
/** Over three orders of magnitude, so that one may hold the majority. */
const unequal = (draw: Draw) => 50 * Math.ceil(20 * Math.exp(7 * fraction(draw)))

function holds(name: string, property: (draw: Draw, seed: number) => boolean) {
  t.test(name, async (test) => {
    test.same(
      SEEDS.filter((seed) => !property(createDraw(seed), seed)),
      [],
      `holds for ${SEEDS.length} seeds`,
    )
  })
}

for (const [votes, vote] of Object.entries({ noisy, arbitrary })) {
  holds(`fifty identities with the row of one earn no more than one: ${votes} votes`, (draw, seed) => {
    const scores = qualities(draw)
    const isEqual = seed % 2 === 0
    const stake = () => (isEqual ? 100_000 : unequal(draw))
    const [attacker, ...others] = Array.from({ length: 4 + draw(9) }, () => ({
      stake: stake(),
      votes: vote(scores, draw),
    }))
    const rules = { bondsPenalty: [0, 32_768, ONE][seed % 3]! }
    const one = playGame({ players: [attacker!, ...others], miners: 10, rules }).pay[0]!
    const many = playGame({ players: [...splitPlayer(attacker!, 50), ...others], miners: 10, rules }).pay.slice(0, 50)
    return sum(many) <= one * (1 + ROUNDING)
  })
}

holds('nor when the permits do not suffice for all fifty', (draw) => {
  const scores = qualities(draw)
  const others = Array.from({ length: 4 + draw(9) }, () => ({ stake: 100_000, votes: noisy(scores, draw) }))
  const attacker = { stake: 50 * (1 + draw(1_999)), votes: noisy(scores, draw) }
  const left = 1 + draw(20)
  const game = { miners: 10, maxValidators: others.length + left }
  const one = playGame({ ...game, players: [attacker, ...others] }).pay[0]!
  const { pay } = playGame({ ...game, players: [...splitPlayer(attacker, 50), ...others] })
  const paid = pay.slice(0, 50).filter((share) => share > 0)
  return paid.length === left && sum(paid) <= one * (1 + ROUNDING)
})

holds('identities that crowd others out of the permits gain what those earned, no more', (draw) => {
  const scores = qualities(draw)
  const others = Array.from({ length: 10 }, () => ({ stake: unequal(draw), votes: scores }))
  const attacker = { stake: 50 * unequal(draw), votes: scores }
  const game = { miners: 10, maxValidators: 11 + draw(45) }
  const one = playGame({ ...game, players: [attacker, ...others] }).pay
  const split = playGame({ ...game, players: [...splitPlayer(attacker, 50), ...others] }).pay
  const many = sum(split.slice(0, 50))
  const isOut = (uid: number) => split[49 + uid] === 0
  const crowdedOut = sum(one.filter((_, uid) => uid > 0 && isOut(uid)))
  return many <= (one[0]! / (1 - crowdedOut)) * (1 + ROUNDING) && (crowdedOut > 0 || many <= one[0]! * (1 + ROUNDING))
})

t.test('identities pay where others’ bonds differ in kind: a known limit', async (test) => {
  // A column of bonds is shared by count of voters, not by their stake. Nine voters of next to no stake share the second
  // miner with the attacker, one large voter the first: fifty identities crowd out the large one.
  const players: Player[] = [
    { stake: 500_000, votes: [1, 1] },
    { stake: 500_000, votes: [1, 0] },
    ...Array.from({ length: 9 }, () => ({ stake: 10, votes: [0, 1] })),
  ]
  const one = playGame({ players, miners: 2 }).pay[0]!
  const many = playGame({ players: [...splitPlayer(players[0]!, 50), ...players.slice(1)], miners: 2 }).pay.slice(0, 50)
  test.ok(sum(many) / one > 1.1 && sum(many) / one < 1.2, `${(sum(many) / one).toFixed(3)} of the pay of one`)
})

t.test('voters of next to no stake dilute the bonds of others: bondsPenalty 1 contains it', async (test) => {
  const ratio = (bondsPenalty: number, dust: number) => {
    const draw = createDraw(7)
    const scores = qualities(draw, 40)
    const honest = Array.from({ length: 8 }, () => ({ stake: 100_000, votes: noisy(scores, draw) }))
    const main = { stake: 100_000, votes: scores.map((score, miner) => (miner < 4 ? score : 0)) }
    const diluting = { stake: 1, votes: scores.map((score, miner) => (miner < 4 ? 0 : score)) }
    const players = [main, ...honest, ...new Array<Player>(dust).fill(diluting)]
    const { pay } = playGame({ players, miners: 40, epochs: 40, rules: { bondsPenalty } })
    return pay[0]! / (sum(pay.slice(1, 9)) / 8)
  }
  test.ok(ratio(ONE, 50) < 0.8, 'with the default it earns less than an honest one')
  test.ok(ratio(32_768, 0) < 0.8, 'at half of it too, without the voters of no stake')
  test.ok(
    ratio(32_768, 50) > 1.5,
    'with them it earns more: where the penalty is low, stakeThreshold has to keep them out',
  )
})

holds('a majority of one opinion earns no more by abstaining together', (draw) => {
  const scores = qualities(draw)
  const opinion = noisy(scores, draw)
  const stakes = Array.from({ length: 3 + draw(10) }, () => unequal(draw))
  const size = majoritySize(stakes, 0.52)
  const players = stakes.map((stake, uid) => ({ stake, votes: uid < size ? opinion : noisy(scores, draw) }))
  const abstaining = players.map((player, uid) => (uid < size ? { ...player, votes: [] } : player))
  const [voted, abstained] = [players, abstaining].map((all) => playGame({ players: all, miners: 10 }))
  const isUnpaid = sum(abstained!.incentive) === 0
  return isUnpaid && sum(abstained!.pay.slice(0, size)) <= sum(voted!.pay.slice(0, size)) * (1 + ROUNDING)
})

holds('a majority of several opinions gets its stake’s part by abstaining, never more', (draw) => {
  const scores = qualities(draw)
  const stakes = Array.from({ length: 3 + draw(10) }, () => unequal(draw))
  const size = majoritySize(stakes, 0.52)
  const players = stakes.map((stake, uid) => ({ stake, votes: uid < size ? [] : noisy(scores, draw) }))
  const { pay } = playGame({ players, miners: 10 })
  return stakes.every((stake, uid) => Math.abs(pay[uid]! - stake / sum(stakes)) < 1e-6)
})

holds('one validator earns no more by abstaining than by voting as it would', (draw, seed) => {
  const scores = qualities(draw)
  const stakes = Array.from({ length: 3 + draw(10) }, () => unequal(draw))
  const players = stakes.map((stake) => ({ stake, votes: noisy(scores, draw) }))
  const rules = { bondsPenalty: [0, 32_768, ONE][seed % 3]! }
  const voted = playGame({ players, miners: 10, rules }).pay[0]!
  const abstained = playGame({ players: [{ ...players[0]!, votes: [] }, ...players.slice(1)], miners: 10, rules })
  // Who holds the majority alone decides whether anybody's vote counts, and then stake is all there is to gain.
  const stakePart = stakes[0]! / sum(stakes)
  return abstained.pay[0]! <= Math.max(voted, stakePart) * (1 + ROUNDING)
})

holds('weight for oneself changes nothing, over many epochs', (draw) => {
  const scores = qualities(draw)
  const players = Array.from({ length: 3 + draw(6) }, () => ({ stake: unequal(draw), votes: arbitrary(scores, draw) }))
  const selfish = players.map((player) => ({ ...player, self: draw(ONE + 1) }))
  const [plain, greedy] = [players, selfish].map((all) => playGame({ players: all, miners: 10 }))
  return JSON.stringify(plain) === JSON.stringify(greedy)
})

holds('votes and bonds for the old holder of a slot never reach the new one', (draw, seed) => {
  const base = randomEpochInput(seed, 24)
  const slot = draw(base.stake.length)
  const registeredAt = base.registeredAt.map((time, uid) =>
    uid === slot ? Math.max(base.lastSettledEnd + 1, ...base.committedAt) : time,
  )
  const result = runEpoch({ ...base, registeredAt })
  const without = (rows: EpochInput['rows']) => rows.map((row) => row.map((cell, uid) => (uid === slot ? 0 : cell)))
  const cleared = runEpoch({ ...base, registeredAt, rows: without(base.rows), bonds: without(base.bonds) })
  const isEmpty = result.bonds.every((row) => (row[slot] ?? 0) === 0)
  return result.incentive[slot] === 0n && result.consensus[slot] === 0n && isEmpty && text(result) === text(cleared)
})

holds('of a replaced slot only votes committed since count, and need their own majority', (draw, seed) => {
  const base = fullEpochInput(seed, 9, 20)
  const slot = 9 + draw(11)
  const since = base.stake.map((_, uid) => uid < 9 && draw(2) === 0)
  const registeredAt = base.registeredAt.map((time, uid) => (uid === slot ? 920 : time))
  const committedAt = base.committedAt.map((time, uid) => (since[uid] ? time : 920))
  const result = runEpoch({ ...base, registeredAt, committedAt })
  const behind = base.stake.filter((_, uid) => since[uid] && (base.rows[uid]![slot] ?? 0) > 0)
  const reaches = sum(behind) * ONE >= base.kappa * sum(base.stake)
  return result.consensus[slot]! > 0n === reaches && (reaches || result.incentive[slot] === 0n)
})

holds('a score stands from exactly kappa of the active stake on', (draw) => {
  const kappa = [32_767, 32_768, 43_690, 58_982, 32_767 + draw(26_216)][draw(5)]!
  const total = 2 + draw(2 ** 31 - 3)
  const needed = Math.max(1, Math.ceil((kappa * total) / ONE))
  const consensus = (camp: number) =>
    runEpoch(twoCamps(kappa, [camp, total - camp], [[0, 0, ONE, 0], []])).consensus[2]!
  return consensus(needed) === WEIGHT_ONE && (needed === 1 || consensus(needed - 1) === 0n)
})

holds('an exact half of the stake pays both camps at 32767 and neither at 32768', (draw) => {
  const half = 1 + draw(2 ** 30 - 1)
  const rows = [
    [0, 0, ONE, 0],
    [0, 0, 0, ONE],
  ]
  const at = (kappa: number) => runEpoch(twoCamps(kappa, [half, half], rows))
  const [both, neither] = [at(32_767), at(32_768)]
  const isHalved = both.incentive[2] === SHARE_ONE / 2n && both.incentive[3] === SHARE_ONE / 2n
  return isHalved && !neither.minersVoted && neither.validatorPay[0] === SHARE_ONE / 2n
})

holds('at the largest kappa a tenth of the stake that abstains stops all incentive', (draw) => {
  const total = 100 + draw(2 ** 31 - 101)
  const blocking = Math.floor(total / 10) + 1
  const stop = runEpoch(twoCamps(58_982, [total - blocking, blocking], [[0, 0, 7, 9], []]))
  return !stop.minersVoted && stop.validatorPay[1]! * BigInt(total) <= BigInt(blocking) * SHARE_ONE
})

/** The fewest first players that hold `part` of the stake. */
function majoritySize(stakes: readonly number[], part: number): number {
  let size = 0
  while (sum(stakes.slice(0, size)) <= sum(stakes) * part) size++
  return size
}

function twoCamps(kappa: number, stakes: readonly [number, number], rows: EpochInput['rows']): EpochInput {
  const perUid = <T>(value: (uid: number) => T): T[] => Array.from({ length: 4 }, (_, uid) => value(uid))
  return {
    kappa,
    bondsPenalty: ONE,
    bondsAlphaPpm: 100_000,
    endsAt: 1_000,
    activityCutoff: 500,
    lastSettledEnd: 900,
    permits: perUid((uid) => uid < 2),
    newPermits: perUid((uid) => uid < 2),
    withheld: perUid(() => false),
    stake: perUid((uid) => stakes[uid] ?? 0),
    registeredAt: perUid(() => 0),
    lastUpdate: perUid(() => 990),
    committedAt: perUid(() => 950),
    rows: perUid((uid) => rows[uid] ?? []),
    bonds: perUid(() => []),
  }
}
