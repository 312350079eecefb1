import t from 'tap'
import { type EpochInput, type EpochResult, runEpoch } from '../src/index.js'
import { createDraw, fullEpochInput, randomEpochInput } from './epoch-random-input.js'
import { referenceEpoch } from './epoch-reference.js'

const text = (result: EpochResult) =>
  JSON.stringify(result, (_, value) => (typeof value === 'bigint' ? value.toString() : value))

/** The positions of inputs for which `runEpoch` differs from the reference. */
const differing = (inputs: readonly EpochInput[]) =>
  inputs.flatMap((input, index) => (text(runEpoch(input)) === text(referenceEpoch(input)) ? [] : [index]))

const random = (count: number, from: number, maxUids: number) =>
  Array.from({ length: count }, (_, index) => randomEpochInput(from + index, maxUids))

t.test('random epochs', async (test) => {
  const inputs = [...random(2_400, 20_000, 24), ...random(600, 30_000, 80)]
  const results = inputs.map(runEpoch)
  const share = (holds: (result: EpochResult, index: number) => boolean) => results.filter(holds).length / inputs.length
  test.ok(share(({ minersVoted }) => minersVoted) > 0.3, 'many have incentive')
  test.ok(share(({ minersVoted }, index) => minersVoted && inputs[index]!.liquidAlpha !== undefined) > 0.1)
  test.ok(share(({ activeStake }) => activeStake === 0n) > 0.02, 'some have nobody active')
  test.ok(share((_, index) => inputs[index]!.permits.filter(Boolean).length === 1) > 0.02, 'some have one voter')
  test.same(differing(inputs), [])
})

t.test('exactly kappa of the stake', async (test) => {
  const draw = createDraw(5)
  const inputs = Array.from({ length: 300 }, (_, seed) => exactKappa(seed, draw))
  test.same(differing(inputs), [])
})

t.test('stakes and bonds at their bounds', async (test) => {
  const extremes = random(200, 40_000, 12).map((input) => {
    const n = input.stake.length
    const stake = input.stake.map((_, uid) => (uid === 0 ? 2 ** 31 - n : 1))
    const full = input.stake.map(() => input.stake.map(() => 65_535))
    return { ...input, stake, bonds: full, permits: input.permits.map(() => true) }
  })
  test.same(differing(extremes), [])
})

t.test('subnets as large as they get', async (test) => {
  const inputs = [fullEpochInput(1, 64, 256), fullEpochInput(2, 64, 256), fullEpochInput(3, 48, 512)]
  inputs.push(fullEpochInput(4, 48, 512), fullEpochInput(5, 24, 1_024))
  test.same(differing(inputs), [])
})

/** Two camps whose stakes stand in the ratio of kappa to the rest, give or take one. */
function exactKappa(seed: number, draw: (limit: number) => number): EpochInput {
  const base = randomEpochInput(seed + 50_000, 6)
  const kappa = [32_767, 32_768, 13_107, 43_690][draw(4)]!
  const scale = 1 + draw(1_000)
  const [first, second] = [kappa * scale + draw(3) - 1, (65_535 - kappa) * scale]
  const n = Math.max(4, base.stake.length)
  const perUid = <T>(value: (uid: number) => T): T[] => Array.from({ length: n }, (_, uid) => value(uid))
  const cells = perUid(() => 1 + draw(65_535))
  return {
    ...base,
    kappa,
    permits: perUid((uid) => uid < 2),
    newPermits: perUid((uid) => uid < 2),
    withheld: perUid(() => false),
    stake: perUid((uid) => [first, second][uid] ?? 0),
    registeredAt: perUid(() => 0),
    lastUpdate: perUid(() => 1_000),
    committedAt: perUid(() => 1_000),
    rows: perUid((uid) => (uid === 0 ? cells : uid === 1 ? perUid(() => draw(65_536)) : [])),
    bonds: perUid(() => perUid(() => draw(65_536))),
  }
}
