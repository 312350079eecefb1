import t from 'tap'
import {
  type EmissionSplit,
  type EmissionTerms,
  type EpochResult,
  epochAt,
  epochWindow,
  runEpoch,
  SHARE_ONE,
  type SlotTerms,
  selectPermits,
  splitEmission,
} from '../src/index.js'
import { createDraw, randomEpochInput } from './epoch-random-input.js'

const GWEI = 10n ** 9n
const TOKEN = 10n ** 18n
const ONE = SHARE_ONE
const half = ONE / 2n
const TERMS = { ownerCut: 1_800, minersCut: 4_100, validatorsCut: 4_100, bountyCap: TOKEN }
const gwei = (amounts: bigint[]) => amounts.map((amount) => amount * GWEI)
const tokens = (amount: number) => BigInt(Math.round(amount * 1e6)) * (TOKEN / 1_000_000n)
const sum = (values: readonly bigint[]) => values.reduce((total, value) => total + value, 0n)
const total = (split: EmissionSplit) =>
  split.bounty +
  split.owner +
  sum(split.incentive) +
  sum(split.take) +
  sum(split.pooled) +
  split.notMinted +
  split.carried

t.test(
  'the figures that the contract tests state: 600 tokens, of which the bounty takes its cap of 1',
  async (test) => {
    const result = { incentive: [ONE / 4n, (ONE / 4n) * 3n, 0n], validatorPay: [0n, 0n, ONE], minersVoted: true }
    test.same(splitEmission(600n * TOKEN, TERMS, result, { takes: [0, 0, 1_000] }), {
      bounty: TOKEN,
      owner: tokens(107.82),
      incentive: [tokens(61.3975), tokens(184.1925), 0n],
      take: [0n, 0n, tokens(24.559)],
      pooled: [0n, 0n, tokens(221.031)],
      notMinted: 0n,
      carried: 0n,
    })
  },
)

t.test('the bounty is half a percent of a small emission, taken before the cuts', async (test) => {
  const result = { incentive: [ONE], validatorPay: [ONE], minersVoted: true }
  const split = splitEmission(100n * TOKEN, TERMS, result, { takes: [0] })
  test.same([split.bounty, split.owner], [tokens(0.5), tokens(17.91)])
  const capped = splitEmission(100n * TOKEN, { ...TERMS, bountyCap: 7n * GWEI + 1n }, result, { takes: [0] })
  test.equal(capped.bounty, 7n * GWEI, 'a cap between two gwei is the lower one')
  test.equal(splitEmission(199n * GWEI, TERMS, result, { takes: [0] }).bounty, 0n, 'too small for one gwei')
  test.equal(splitEmission(200n * GWEI, TERMS, result, { takes: [0] }).bounty, GWEI)
})

t.test('every amount floors to gwei and the rest carries', async (test) => {
  // 1003 gwei: bounty 5.015; of the other 998 the owner 179.64, both parts 409.18; half of 409 is 204.5; 12.34 % of 409 is 50.47.
  const result = { incentive: [0n, half, half], validatorPay: [ONE, 0n, 0n], minersVoted: true }
  test.same(splitEmission(1_003n * GWEI + 7n, TERMS, result, { takes: [1_234, 0, 0] }), {
    bounty: 5n * GWEI,
    owner: 179n * GWEI,
    incentive: gwei([0n, 204n, 204n]),
    take: gwei([50n, 0n, 0n]),
    pooled: gwei([359n, 0n, 0n]),
    notMinted: 0n,
    carried: 2n * GWEI + 7n,
  })
})

t.test('the emission floors to gwei before it is cut', async (test) => {
  // 41 % of 24.999… gwei would be 10; of 24 it is 9.
  const result = { incentive: [ONE], validatorPay: [ONE], minersVoted: true }
  const split = splitEmission(25n * GWEI - 1n, TERMS, result, { takes: [0] })
  test.same([split.owner, ...split.incentive, ...split.pooled, split.carried], [...gwei([4n, 9n, 9n]), 3n * GWEI - 1n])
})

t.test(
  'nobody voted usefully: the miners’ part is not minted, and validators get no more than theirs',
  async (test) => {
    const result = { incentive: [0n, 0n], validatorPay: [half, half], minersVoted: false }
    const split = splitEmission(600n * TOKEN, TERMS, result, { takes: [0, 10_000], ownSlots: new Set([0]) })
    test.same([split.notMinted, split.carried], [tokens(245.59), 0n])
    test.same(
      [split.pooled, split.take],
      [
        [tokens(122.795), 0n],
        [0n, tokens(122.795)],
      ],
      'a take of all leaves nothing',
    )
  },
)

t.test('no stake at all: everything carries', async (test) => {
  const result = { incentive: [0n], validatorPay: [0n], minersVoted: false }
  test.same(splitEmission(600n * TOKEN, TERMS, result, { takes: [0] }), {
    bounty: 0n,
    owner: 0n,
    incentive: [0n],
    take: [0n],
    pooled: [0n],
    notMinted: 0n,
    carried: 600n * TOKEN,
  })
})

t.test('incentive of the owner’s own slots is not minted; their pay for validating is', async (test) => {
  const result = { incentive: [half, half, 0n], validatorPay: [ONE, 0n, 0n], minersVoted: true }
  const split = splitEmission(600n * TOKEN, TERMS, result, { takes: [1_000, 0, 0], ownSlots: new Set([0]) })
  test.same([split.incentive, split.notMinted], [[0n, tokens(122.795), 0n], tokens(122.795)])
  test.same([split.take[0], split.pooled[0]], [tokens(24.559), tokens(221.031)])
})

t.test('what the contract refuses is refused', async (test) => {
  const result = { incentive: [ONE, ONE], validatorPay: [ONE, 0n], minersVoted: true }
  const refused = (changes: Partial<typeof result>, takes: number[], terms: EmissionTerms, field: string) =>
    test.throws(() => splitEmission(600n * TOKEN, terms, { ...result, ...changes }, { takes }), {
      code: 'EPOCH_INPUT_INVALID',
      facts: { field },
    })
  refused({}, [0, 0], TERMS, 'incentive')
  refused({ incentive: [0n, 0n], validatorPay: [ONE, 1n] }, [0, 0], { ...TERMS, bountyCap: 0n }, 'validatorPay')
  refused({ incentive: [ONE, 0n] }, [0, 0], { ...TERMS, ownerCut: 1_900 }, 'cuts')
  refused({ incentive: [ONE, 0n] }, [0], TERMS, 'takes')
  refused({ incentive: [ONE, 0n] }, [0, 10_001], TERMS, 'takes')
})

t.test('random splits follow the contract lane by lane and conserve the emission to the wei', async (test) => {
  const draw = createDraw(99)
  for (let seed = 0; seed < 600; seed++) {
    const input = randomEpochInput(seed, 12)
    const newPermits = selectPermits(input.stake, 1 + draw(12))
    // Within the bounds of the parameters, where whoever has stake is paid.
    const result = runEpoch({ ...input, newPermits, bondsAlphaPpm: 10_000 + draw(990_001), liquidAlpha: undefined })
    const emission = BigInt(draw(2 ** 31)) * 10n ** BigInt(draw(16)) + BigInt(draw(2 ** 31))
    const terms = randomTerms(draw)
    const slots = {
      takes: input.stake.map(() => draw(10_001)),
      ownSlots: new Set(input.stake.flatMap((_, uid) => (draw(4) === 0 ? [uid] : []))),
    }
    const split = splitEmission(emission, terms, result, slots)
    const expected = asTheContract(emission, terms, { ...result, staked: newPermits.includes(true) }, slots)
    const parts = [split.bounty, split.owner, ...split.incentive, ...split.take, ...split.pooled, split.notMinted]
    if (total(split) !== emission || split.carried < 0n || parts.some((part) => part < 0n || part % GWEI !== 0n))
      test.fail(`seed ${seed} conserves`, { split })
    if (text(split) !== text(expected)) test.fail(`seed ${seed} is split alike`, { split, expected })
  }
  test.pass('600 splits')
})

const text = (split: EmissionSplit) =>
  JSON.stringify(Object.entries(split).sort(), (_, value) => (typeof value === 'bigint' ? value.toString() : value))

function randomTerms(draw: (limit: number) => number): EmissionTerms {
  const ownerCut = draw(1_801)
  const minersCut = draw(10_001 - ownerCut)
  const bountyCap = BigInt(draw(1_000)) * 10n ** BigInt(draw(18))
  return { ownerCut, minersCut, validatorsCut: 10_000 - ownerCut - minersCut, bountyCap }
}

/** `Emission._pay` with `EmissionSplit` and `AccrualLanes`, one slot after the other as `removePay` states them. */
function asTheContract(
  emission: bigint,
  terms: EmissionTerms,
  p: Pick<EpochResult, 'incentive' | 'validatorPay' | 'minersVoted'> & { staked: boolean },
  { takes, ownSlots }: SlotTerms,
): EmissionSplit {
  const zeros = takes.map(() => 0n)
  const lanes = { incentive: [...zeros], take: [...zeros], pooled: [...zeros] }
  if (!p.staked) return { bounty: 0n, owner: 0n, ...lanes, notMinted: 0n, carried: emission }
  let whole = emission / GWEI
  let bounty = (whole * 50n) / 10_000n
  if (bounty > terms.bountyCap / GWEI) bounty = terms.bountyCap / GWEI
  whole -= bounty
  const owner = (whole * BigInt(terms.ownerCut)) / 10_000n
  let miners = (whole * BigInt(terms.minersCut)) / 10_000n
  const validators = (whole * BigInt(terms.validatorsCut)) / 10_000n
  let notMinted = 0n
  if (!p.minersVoted) [notMinted, miners] = [miners, 0n]
  let carried = emission - (bounty + owner + notMinted) * GWEI
  for (const [uid, bps] of takes.entries()) {
    const earned = (miners * p.incentive[uid]!) >> 31n
    const pay = (validators * p.validatorPay[uid]!) >> 31n
    const take = (pay * BigInt(bps)) / 10_000n
    lanes.take[uid] = take * GWEI
    lanes.pooled[uid] = (pay - take) * GWEI
    if (ownSlots!.has(uid)) notMinted += earned
    else lanes.incentive[uid] = earned * GWEI
    carried -= (earned + pay) * GWEI
  }
  return { bounty: bounty * GWEI, owner: owner * GWEI, ...lanes, notMinted: notMinted * GWEI, carried }
}

t.test('the calendar of a subnet', async (test) => {
  const schedule = { startedAt: 1_000, epochLength: 60, revealWindow: 15 }
  test.same(
    [999, 1_000, 1_059, 1_060, 1_180].map((timestamp) => epochAt(schedule, timestamp)),
    [-1, 0, 0, 1, 3],
  )
  test.equal(epochAt(schedule, 0), -1, 'long before the first epoch')
  test.same(epochWindow(schedule, 2), { startsAt: 1_120, endsAt: 1_180, revealEndsAt: 1_195, settleEndsAt: 1_240 })
})
