import t from 'tap'
import { type EpochInput, parseCase, runEpoch, simulateCase, WitanError } from '../src/index.js'

const firstStep = {
  block: 10,
  stake: [60, 40, 0, 0],
  weights_sparse_u16: [[[2, 9]], [[2, 9]], [], []],
}
const epochCase = (fields: object = {}, steps: object[] = [{ inputs: firstStep }]) => ({
  name: 'example',
  kind: 'epoch_sequence',
  params: {},
  steps,
  ...fields,
})

/** The inputs that the kernel was given, step by step. */
async function inputsOf(steps: object[], params: object = {}): Promise<EpochInput[]> {
  const inputs: EpochInput[] = []
  await simulateCase(parseCase(epochCase({ params }, steps)), (input) => {
    inputs.push(input)
    return runEpoch(input)
  })
  return inputs
}

t.test('a malformed case names the path, what belongs there and what stands there', async (test) => {
  const wrong: [string, unknown][] = [
    ['case', null],
    ['case.kind', { kind: 'permits' }],
    ['case.steps', { kind: 'epoch' }],
    ['case.steps', epochCase({}, [])],
    ['case.params.kappa_u16', epochCase({ params: { kappa_u16: 65_536 } })],
    ['case.params.bonds_moving_average_ppm', epochCase({ params: { bonds_moving_average_ppm: 0.9 } })],
    ['case.params.liquid_alpha', epochCase({ params: { liquid_alpha: 'no' } })],
    ['case.params.alpha_low', epochCase({ params: { liquid_alpha: true, alpha_low: -0.1 } })],
    ['case.params.alpha_low', epochCase({ params: { liquid_alpha: true, alpha_low: 0.4, alpha_high: 0.3 } })],
    ['case.params.alpha_high', epochCase({ params: { liquid_alpha: true, alpha_high: 1.1 } })],
    [
      'case.params.alpha_sigmoid_steepness',
      epochCase({ params: { liquid_alpha: true, alpha_sigmoid_steepness: -1_000 } }),
    ],
    ['case.steps[0].inputs', epochCase({}, [{}])],
    ['case.steps[0].inputs.block', epochCase({}, [{ inputs: { ...firstStep, block: -1 } }])],
    ['case.steps[0].inputs.stake', epochCase({}, [{ inputs: { ...firstStep, stake: 'all' } }])],
    ['case.steps[0].inputs.stake', epochCase({}, [{ inputs: { ...firstStep, stake: new Array(1_025).fill(1) } }])],
    ['case.steps[0].inputs.stake[0]', epochCase({}, [{ inputs: { ...firstStep, stake: [0.5] } }])],
    ['case.steps[0].inputs.stake[1]', epochCase({}, [{ inputs: { ...firstStep, stake: [1, `${2n ** 128n}`] } }])],
    ['case.steps[0].inputs.last_update', epochCase({}, [{ inputs: { ...firstStep, last_update: [1] } }])],
    ['case.steps[0].inputs.weights_sparse_u16[0][0][0]', epochCase({}, [weights([[[4, 9]], [], [], []])])],
    [
      'case.steps[0].inputs.weights_sparse_u16[0][1][0]',
      epochCase({}, [
        weights([
          [
            [2, 9],
            [2, 8],
          ],
          [],
          [],
          [],
        ]),
      ]),
    ],
    ['case.steps[0].inputs.weights_sparse_u16[1][0]', epochCase({}, [weights([[], [[2]], [], []])])],
    ['case.steps[0].reset_bonds_of_uid', epochCase({}, [{ inputs: firstStep, reset_bonds_of_uid: 4 }])],
    ['case.inputs', { kind: 'yuma3_sequence', steps: [] }],
    ['case.steps[0].weights_set.0.u16', yuma3({ 0: { uids: [2], u16: [] } })],
    ['case.steps[0].weights_set key', yuma3({ x: { uids: [], u16: [] } })],
  ]
  for (const [path, value] of wrong) {
    try {
      parseCase(value)
      test.fail(`${path} is refused`)
    } catch (error) {
      test.ok(error instanceof WitanError && error.code === 'CASE_INVALID', path)
      test.equal((error as WitanError).facts.path, path)
    }
  }
})

t.test('a first step without permits takes those of its own stake; later ones lag by a step', async (test) => {
  const steps = [{ inputs: firstStep }, { inputs: { ...firstStep, block: 20, stake: [0, 40, 70, 0] } }]
  const [first, second] = await inputsOf(steps, { max_validators: 2 })
  test.same(first!.permits, [true, true, false, false])
  test.same(second!.permits, [true, true, false, false], 'what the first step chose')
  test.same(second!.newPermits, [false, true, true, false])
})

t.test('bonds, rows and their times carry over; a reset clears one column', async (test) => {
  const later = { block: 20, stake: firstStep.stake }
  const [, second] = await inputsOf([{ inputs: firstStep }, { inputs: later }])
  test.same(second!.bonds[0], [0, 0, 6_553, 0])
  test.same(second!.rows[0], [0, 0, 9, 0])
  test.same([second!.committedAt[0], second!.lastUpdate[0], second!.lastSettledEnd], [10, 10, 10])
  const [, reset] = await inputsOf([{ inputs: firstStep }, { inputs: later, reset_bonds_of_uid: 2 }])
  test.same(reset!.bonds[0], [0, 0, 0, 0])
  const [, given] = await inputsOf([
    { inputs: firstStep },
    { inputs: { ...later, prior_bonds_sparse_u16: [[[3, 7]], [], [], []] } },
  ])
  test.same(given!.bonds, [[0, 0, 0, 7], [], [], []], 'bonds that a step gives replace the carried ones')
})

t.test('liquid alpha: fractions of 1 and hundredths, the defaults of a subnet', async (test) => {
  const liquidAlphaOf = async (params: object) => (await inputsOf([{ inputs: firstStep }], params))[0]!.liquidAlpha
  test.equal(await liquidAlphaOf({ alpha_low: 0.1 }), undefined)
  test.same(await liquidAlphaOf({ liquid_alpha: true }), { low: 45_875, high: 58_982, steepness: 1_000 })
  const own = { liquid_alpha: true, alpha_low: 0.1, alpha_high: 0.3, alpha_sigmoid_steepness: 2_500 }
  test.same(await liquidAlphaOf(own), { low: 6_554, high: 19_661, steepness: 2_500 })
})

t.test('uids may come and go between steps', async (test) => {
  const steps = [3, 5, 4].map((uids, index) => ({
    inputs: { block: 10 * (index + 1), stake: [60, 40, 0, 0, 0].slice(0, uids), weights_sparse_u16: undefined },
  }))
  const votes = { weights_sparse_u16: [[[4, 9]], [[2, 9]], [], [], []] }
  Object.assign(steps[1]!.inputs, votes)
  const inputs = await inputsOf(steps)
  test.same(inputs[2]!.rows.slice(0, 2), [
    [0, 0, 0, 0],
    [0, 0, 9, 0],
  ])
  test.equal((await simulateCase(parseCase(epochCase({}, steps)), runEpoch)).length, 3)
})

t.test('a changed registration is a new slot', async (test) => {
  const second = { block: 20, stake: firstStep.stake, block_at_registration: [15, 0, 0, 0] }
  const [, input] = await inputsOf([{ inputs: firstStep }, { inputs: second }])
  test.same([input!.rows[0], input!.bonds[0], input!.lastUpdate[0]], [[], [], 15])
})

t.test('a row is dated by its commit time, else its last update, else the step', async (test) => {
  const times = { last_update: [7, 8, 9, 9], committed_at: [3, 4, 5, 5] }
  const [given] = await inputsOf([{ inputs: { ...firstStep, ...times } }])
  test.same(
    [given!.lastUpdate, given!.committedAt],
    [
      [7, 8, 9, 9],
      [3, 4, 5, 5],
    ],
  )
  const [updated] = await inputsOf([{ inputs: { ...firstStep, last_update: times.last_update } }])
  test.same(updated!.committedAt, [7, 8, 9, 9])
  const [bare] = await inputsOf([{ inputs: firstStep }])
  test.same(bare!.committedAt, [10, 10, 10, 10])
})

t.test('amounts may be strings, stake below the threshold counts as none', async (test) => {
  const stake = ['6000000000000000000000000', '400', 0, 0]
  const [input] = await inputsOf([{ inputs: { ...firstStep, stake } }], { stake_threshold: 1_000 })
  test.same(input!.stake, [2 ** 31 - 1, 0, 0, 0])
})

t.test('a step reports fractions, emission shares and integers', async (test) => {
  const [step] = await simulateCase(parseCase(epochCase()), runEpoch)
  test.same(step!.consensus, [0, 0, 1, 0])
  test.same(step!.incentive, [0, 0, 1, 0])
  test.same(step!.bonds, [[0, 0, 6_553 / 65_535, 0], [0, 0, 6_553 / 65_535, 0], [], []])
  test.same(step!.permits, [true, true, false, false])
  test.ok(Math.abs(step!.serverEmission[2]! - 0.5) < 1e-9)
  test.ok(Math.abs(step!.validatorEmission[0]! - 0.3) < 1e-9)
  test.ok(Math.abs(step!.emission[0]! - 0.3) < 1e-9 && Math.abs(step!.emission[2]! - 0.5) < 1e-9)
  test.same(step!.integers.incentive, [0, 0, 2 ** 31, 0])
  test.equal(step!.integers.activeStake, 100)
  test.same(JSON.parse(JSON.stringify(step)), step, 'plain JSON')
})

t.test('without useful votes the validators share everything by stake', async (test) => {
  const idle = { ...firstStep, weights_sparse_u16: [[], [], [], []] }
  const [step] = await simulateCase(parseCase(epochCase({}, [{ inputs: idle }])), runEpoch)
  test.same(step!.serverEmission, [0, 0, 0, 0])
  test.ok(Math.abs(step!.validatorEmission[0]! - 0.6) < 1e-9)
  test.same(step!.emission, step!.validatorEmission)
  test.equal(step!.minersVoted, false)
})

function weights(rows: unknown): object {
  return { inputs: { ...firstStep, weights_sparse_u16: rows } }
}

function yuma3(weightsSet: object): object {
  return { kind: 'yuma3_sequence', inputs: { stake: [1, 1, 0] }, steps: [{ epoch: 0, weights_set: weightsSet }] }
}

t.test('nobody at all is an epoch too', async (test) => {
  const [step] = await simulateCase(parseCase(epochCase({}, [{ inputs: { block: 1, stake: [] } }])), runEpoch)
  test.match(step, { consensus: [], emission: [], bonds: [], minersVoted: false })
})
