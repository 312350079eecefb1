import t from 'tap'
import { PARAMETER_TABLE } from '../src/parameters/parameter-table.js'
import { DEFAULT_PARAMETERS, MINIMAL_MIN_EPOCH_LENGTH, MINIMAL_PARAMETERS } from '../src/parameters/presets.js'
import type { ParameterName, SubnetParameters } from '../src/parameters/subnet-parameters.js'
import { validateParameters } from '../src/parameters/validate-parameters.js'

t.test('presets are valid where they belong', (t) => {
  validateParameters(DEFAULT_PARAMETERS)
  validateParameters(MINIMAL_PARAMETERS, { minEpochLength: MINIMAL_MIN_EPOCH_LENGTH })
  t.throws(() => validateParameters(MINIMAL_PARAMETERS), {
    code: 'PARAMETER_INVALID',
    facts: { parameter: 'epochLength', value: 15n, min: 600n, unit: 'seconds' },
  })
  t.same(Object.keys(PARAMETER_TABLE).sort(), Object.keys(DEFAULT_PARAMETERS).sort())
  t.end()
})

t.test('every parameter is bounded on both sides', (t) => {
  for (const name of Object.keys(PARAMETER_TABLE) as ParameterName[]) {
    if (typeof DEFAULT_PARAMETERS[name] === 'boolean') continue
    const { min, max } = PARAMETER_TABLE[name]
    for (const value of [min - 1n, max + 1n]) {
      const as = typeof DEFAULT_PARAMETERS[name] === 'bigint' ? value : Number(value)
      const expected = { code: 'PARAMETER_INVALID', facts: { parameter: name, value } }
      t.throws(() => validateParameters({ ...DEFAULT_PARAMETERS, [name]: as }), expected, `${name} ${value}`)
    }
  }
  t.end()
})

t.test('parameters that do not fit each other', (t) => {
  const refused = (change: Partial<SubnetParameters>, facts: object) =>
    t.throws(() => validateParameters({ ...DEFAULT_PARAMETERS, ...change }), { code: 'PARAMETER_INVALID', facts })
  refused({ revealWindow: 2_161 }, { parameter: 'revealWindow', max: 2_160n })
  refused({ initialPrice: DEFAULT_PARAMETERS.minPrice - 1n }, { parameter: 'initialPrice' })
  refused({ alphaLow: 50_000, alphaHigh: 49_999 }, { parameter: 'alphaLow', max: 49_999n })
  refused({ maxUids: 512, maxValidators: 49 }, { maxUids: 512, maxValidators: 49, product: 25_088, max: 24_576 })
  refused({ liquidAlpha: true, maxUids: 256, maxValidators: 25 }, { product: 6_400, max: 6_144 })
  refused({ minersCut: 4_101 }, { sum: 10_001, whole: 10_000 })
  refused({ kappa: 40_000.5 }, { parameter: 'kappa', value: 40_000.5 })
  t.end()
})

t.test('the largest subnets fit one transaction', (t) => {
  for (const [maxUids, maxValidators] of [
    [512, 48],
    [256, 96],
    [96, 256],
  ] as const)
    t.doesNotThrow(() => validateParameters({ ...DEFAULT_PARAMETERS, maxUids, maxValidators }))
  t.doesNotThrow(() =>
    validateParameters({
      ...DEFAULT_PARAMETERS,
      maxValidators: 24,
      liquidAlpha: true,
      alphaLow: 1_638,
      alphaHigh: 1_638,
    }),
  )
  t.end()
})
