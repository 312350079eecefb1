import { readFileSync } from 'node:fs'
import t from 'tap'
import { isWitanError, parseCase, runEpoch, simulateCase } from '../src/index.js'
import { createDraw } from './epoch-random-input.js'

type Draw = (limit: number) => number
type Container = Record<string | number, unknown>

const MUTATIONS = 12_000
const KINDS = ['epoch', 'epoch_sequence', 'yuma3_sequence']
const ODD_VALUES: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1,
  0.5,
  65_536,
  2 ** 31,
  2 ** 53,
  1e308,
  '',
  '7',
  '-7',
  '9'.repeat(39),
  '9'.repeat(40),
  'x',
  [],
  [[]],
  [1, 2],
  {},
  { uids: [0], u16: [1] },
]

const url = new URL('../../test/vectors/yuma.json', import.meta.url)
const { cases } = JSON.parse(readFileSync(url, 'utf8')) as { cases: { kind: string; steps?: unknown[] }[] }
const valid = cases
  .filter(({ kind }) => KINDS.includes(kind))
  .map(({ steps, ...rest }) => ({ ...rest, steps: steps!.slice(0, 3) }))

t.test('a mutated case parses and runs, or names the path of what is wrong', async (test) => {
  const draw = createDraw(11)
  const seen = { parsed: 0, refused: 0, paths: new Set<string>() }
  for (let count = 0; count < MUTATIONS; count++) {
    const mutated = structuredClone(valid[draw(valid.length)]!)
    for (let times = 1 + draw(2); times > 0; times--) mutate(mutated as Container, draw)
    const problem = await outcome(mutated, seen)
    if (problem !== undefined) test.fail(`mutation ${count}: ${problem}`, { mutated: JSON.stringify(mutated) })
  }
  test.ok(seen.parsed > MUTATIONS / 20, `${seen.parsed} still parse`)
  test.ok(seen.refused > MUTATIONS / 10, `${seen.refused} are refused`)
  test.ok(seen.paths.size > 100, `${seen.paths.size} different paths`)
})

/** Undefined when the case behaves, else what it did. */
async function outcome(value: unknown, seen: { parsed: number; refused: number; paths: Set<string> }) {
  let parsed: ReturnType<typeof parseCase>
  try {
    parsed = parseCase(value)
  } catch (error) {
    if (!isWitanError(error, 'CASE_INVALID')) return `threw ${error}`
    const { path, expected, actual } = error.facts
    if (![path, expected, actual].every((fact) => typeof fact === 'string' && fact.length > 0)) return 'lacks facts'
    if (!String(path).startsWith('case')) return `has the path ${path}`
    seen.refused++
    seen.paths.add(String(path))
    return undefined
  }
  seen.parsed++
  let steps: Awaited<ReturnType<typeof simulateCase>>
  try {
    steps = await simulateCase(parsed, runEpoch)
  } catch (error) {
    return `parsed, but then threw ${error}`
  }
  const numbers = steps.flatMap(({ consensus, dividends, emission }) => [...consensus, ...dividends, ...emission])
  return numbers.every((value) => value >= 0 && value <= 1) ? undefined : 'gave a share outside [0, 1]'
}

/** Replaces, removes, doubles or swaps something somewhere in the case. */
function mutate(root: Container, draw: Draw): void {
  const places = containers(root)
  const place = places[draw(places.length)]!
  const keys = Object.keys(place)
  const key = keys[draw(keys.length)]!
  switch (draw(4)) {
    case 0:
      if (Array.isArray(place)) place.splice(Number(key), 1)
      else delete place[key]
      break
    case 1:
      if (Array.isArray(place)) place.push(structuredClone(place[Number(key)]))
      else place[`${key}x`] = place[key]
      break
    case 2:
      place[key] = Array.isArray(place) ? place.slice(0, -1) : ODD_VALUES[draw(ODD_VALUES.length)]
      break
    default:
      place[key] = structuredClone(ODD_VALUES[draw(ODD_VALUES.length)])
  }
}

/** Every list and object of the case that has entries, but not what the parser does not read. */
function containers(value: unknown): Container[] {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) return []
  const inner = Object.entries(value).filter(([key]) => !['expected', 'derived', 'source', 'compare'].includes(key))
  return [value as Container, ...inner.flatMap(([, entry]) => containers(entry))]
}
