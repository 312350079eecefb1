import t from 'tap'
import { epochAt, epochWindow, runEpoch, SHARE_ONE, splitEmission } from '../src/index.js'
import { createDraw, randomEpochInput } from './epoch-random-input.js'

const CUTS = { ownerBps: 1_800, minersBps: 4_100, validatorsBps: 4_100 }
const half = SHARE_ONE / 2n
const GWEI = 10n ** 9n
const gwei = (amounts: bigint[]) => amounts.map((amount) => amount * GWEI)
const sum = (values: readonly bigint[]) => values.reduce((total, value) => total + value, 0n)

t.test('every amount floors to gwei and the rest carries', async (test) => {
  const result = { incentive: [0n, half, half], validatorPay: [SHARE_ONE, 0n, 0n], minersVoted: true }
  test.same(splitEmission(1_003n * GWEI + 7n, CUTS, result), {
    owner: 180n * GWEI,
    miners: gwei([0n, 205n, 205n]),
    validators: gwei([411n, 0n, 0n]),
    notMinted: 0n,
    carried: 2n * GWEI + 7n,
  })
})

t.test('nobody voted usefully: the miners’ part is not minted', async (test) => {
  const result = { incentive: [0n, 0n], validatorPay: [half, half], minersVoted: false }
  const split = splitEmission(1_000n * GWEI, CUTS, result)
  test.same([split.owner, split.notMinted, sum(split.validators), split.carried], gwei([180n, 410n, 410n, 0n]))
})

t.test('no stake at all: everything carries', async (test) => {
  const result = { incentive: [0n], validatorPay: [0n], minersVoted: false }
  test.same(splitEmission(1_000n, CUTS, result), {
    owner: 0n,
    miners: [0n],
    validators: [0n],
    notMinted: 0n,
    carried: 1_000n,
  })
})

t.test('incentive of the owner’s own slots is not minted', async (test) => {
  const result = { incentive: [0n, half, half], validatorPay: [SHARE_ONE, 0n, 0n], minersVoted: true }
  const split = splitEmission(1_000n * GWEI, CUTS, result, new Set([2]))
  test.same([split.miners, split.notMinted, split.carried], [gwei([0n, 205n, 0n]), 205n * GWEI, 0n])
})

t.test('random splits conserve the emission to the wei', async (test) => {
  const draw = createDraw(99)
  for (let seed = 0; seed < 300; seed++) {
    const result = runEpoch(randomEpochInput(seed, 12))
    const emission = BigInt(draw(2 ** 31)) * 10n ** BigInt(draw(16))
    const ownerBps = draw(1_801)
    const minersBps = draw(10_001 - ownerBps)
    const cuts = { ownerBps, minersBps, validatorsBps: 10_000 - ownerBps - minersBps }
    const split = splitEmission(emission, cuts, result, new Set([draw(12)]))
    const parts = [split.owner, ...split.miners, ...split.validators, split.notMinted, split.carried]
    const isWhole = sum(parts) === emission && parts.every((part) => part >= 0n)
    const isGwei = parts.slice(0, -1).every((part) => part % GWEI === 0n)
    if (!isWhole || !isGwei) test.fail(`seed ${seed} conserves`, { split })
  }
  test.pass('300 splits')
})

t.test('the calendar of a subnet', async (test) => {
  const schedule = { startedAt: 1_000, epochLength: 60, revealWindow: 15 }
  test.same(
    [999, 1_000, 1_059, 1_060, 1_180].map((timestamp) => epochAt(schedule, timestamp)),
    [-1, 0, 0, 1, 3],
  )
  test.equal(epochAt(schedule, 0), -1, 'long before the first epoch')
  test.same(epochWindow(schedule, 2), { startsAt: 1_120, endsAt: 1_180, revealEndsAt: 1_195, settleEndsAt: 1_240 })
})
