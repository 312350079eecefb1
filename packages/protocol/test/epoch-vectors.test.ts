import { readFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import { clippedRank, clipWeights } from '../src/epoch/clip.js'
import type { EpochInput } from '../src/epoch/types.js'
import { activeStakes, votersOf } from '../src/epoch/voters.js'
import { normalisedWeights } from '../src/epoch/weights.js'
import { parseCase, runEpoch, type SimulatedStep, simulateCase } from '../src/index.js'

const BASE_TOLERANCE = 2 / 65_535

interface StepVector {
  expected?: Record<string, unknown>
  derived?: Record<string, unknown>
}
interface EpochVector {
  name: string
  kind: string
  params?: { emission: number; liquid_alpha: boolean }
  steps: StepVector[]
  compare?: string[]
  tolerance: number | Record<string, number>
}
interface Reported extends SimulatedStep {
  clippedRank: number[]
}

const url = new URL('../../test/vectors/yuma.json', import.meta.url)
const cases: EpochVector[] = JSON.parse(readFileSync(url, 'utf8')).cases
const sequences = cases.filter(({ kind }) => ['epoch', 'epoch_sequence', 'yuma3_sequence'].includes(kind))

/** What the vectors call each quantity: the name in `compare`, the field of a step, ours. */
const QUANTITIES = [
  ['consensus', 'consensus', 'consensus'],
  ['clipped rank', 'clipped_rank', 'clippedRank'],
  ['validator trust', 'vtrust', 'validatorTrust'],
  ['incentive', 'incentive', 'incentive'],
] as const

function toleranceOf({ tolerance }: EpochVector): number {
  const own = typeof tolerance === 'number' ? tolerance : (tolerance.fraction ?? 0)
  return Math.max(BASE_TOLERANCE, own)
}

function rankOf(input: EpochInput, consensus: readonly bigint[]): number[] {
  const voters = votersOf(input)
  const active = activeStakes(input, voters)
  const total = active.reduce((sum, stake) => sum + stake, 0)
  const clipped = clipWeights(normalisedWeights(input, voters), Int32Array.from(consensus, Number))
  return clippedRank(clipped, active).map((value) => (total === 0 ? 0 : Number(value) / total / 2 ** 30))
}

async function report(vector: EpochVector): Promise<Reported[]> {
  const ranks: number[][] = []
  const steps = await simulateCase(parseCase(vector), (input) => {
    const result = runEpoch(input)
    ranks.push(rankOf(input, result.consensus))
    return result
  })
  return steps.map((step, index) => ({ ...step, clippedRank: ranks[index]! }))
}

function near(test: Test, actual: readonly number[], wanted: unknown, tolerance: number, what: string) {
  const expected = wanted as number[]
  test.equal(actual.length, expected.length, `${what}: one value a uid`)
  const worst = Math.max(...actual.map((value, uid) => Math.abs(value - expected[uid]!)))
  test.ok(worst <= tolerance, `${what} within ${tolerance}`, { actual, expected, worst })
}

for (const vector of sequences) {
  t.test(vector.name, async (test) => {
    const steps = await report(vector)
    const tolerance = toleranceOf(vector)
    vector.steps.forEach((step, index) => {
      if (vector.kind === 'yuma3_sequence') compareYuma3(test, steps[index]!, step, tolerance)
      else compareStep(test, steps[index]!, step, vector, tolerance)
    })
  })
}

function compareStep(test: Test, ours: Reported, step: StepVector, vector: EpochVector, tolerance: number) {
  for (const [name, field, own] of QUANTITIES) {
    if (!vector.compare?.includes(name)) continue
    for (const source of [step.expected ?? {}, step.derived ?? {}]) {
      if (source[field] !== undefined) near(test, ours[own], source[field], tolerance, name)
      const u16 = source[`${field}_u16`] as number[] | undefined
      if (u16 !== undefined)
        near(
          test,
          ours[own],
          u16.map((value) => value / 65_535),
          tolerance,
          `${name} in u16`,
        )
    }
  }
  if (vector.compare?.includes('permits')) test.same(ours.permits, step.derived?.permits, 'permits')
  compareEmission(test, ours, step, vector.params!.emission, tolerance)
}

/** Bonds of Yuma2 change what validators get, but not what servers get, nor the fallback. */
function compareEmission(test: Test, ours: Reported, step: StepVector, emission: number, tolerance: number) {
  const shares = (field: string) => ((step.derived?.[field] ?? []) as number[]).map((amount) => amount / emission)
  near(test, ours.serverEmission, shares('server_emission'), tolerance, 'server emission')
  if (ours.minersVoted) return
  near(test, ours.validatorEmission, shares('validator_emission'), tolerance, 'fallback')
  near(test, ours.emission, shares('emission'), tolerance, 'emission')
}

function compareYuma3(test: Test, ours: Reported, step: StepVector, tolerance: number) {
  near(test, ours.dividends, step.expected?.dividends, tolerance, 'dividends')
  const rows = step.expected?.bonds_rows_on_servers as number[][]
  rows.forEach((row, validator) => {
    near(test, ours.bonds[validator]!.slice(rows.length), row, tolerance, `bonds of ${validator}`)
  })
}
