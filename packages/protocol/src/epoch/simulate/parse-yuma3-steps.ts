import { U16_ONE } from '../constants.js'
import type { Row } from '../types.js'
import { parseReset, parseStake } from './parse-epoch-step.js'
import { invalid, type Read, readList, readObject, readWhole } from './read-json.js'
import type { SimulationStep } from './types.js'

/**
 * The steps of kind `yuma3_sequence`: one stake for all, `weights_set` by voter where a row changes. Epoch e ends at
 * block e + 1, after everybody's registration at block 0.
 */
export function parseYuma3Steps(fields: Record<string, unknown>): SimulationStep[] {
  const stake = parseStake(readObject(fields.inputs, 'case.inputs').stake, 'case.inputs.stake')
  return readList(parseStep(stake))(fields.steps, 'case.steps')
}

function parseStep(stake: readonly bigint[]): Read<SimulationStep> {
  return (value, path) => {
    const step = readObject(value, path)
    const rows = parseWeightsSet(step.weights_set ?? {}, `${path}.weights_set`, stake.length)
    const endsAt = readWhole(Number.MAX_SAFE_INTEGER - 1)(step.epoch, `${path}.epoch`) + 1
    return { endsAt, stake, rows, ...parseReset(step, path, stake.length) }
  }
}

/** `{ "<voter>": { uids, u16 } }` as rows by voter. */
function parseWeightsSet(value: unknown, path: string, uids: number): (Row | undefined)[] {
  const rows = new Array<Row | undefined>(uids).fill(undefined)
  for (const [key, vote] of Object.entries(readObject(value, path))) {
    const voter = readWhole(uids - 1)(/^\d+$/.test(key) ? Number(key) : key, `${path} key`)
    rows[voter] = parseVote(vote, `${path}.${key}`, uids)
  }
  return rows
}

function parseVote(value: unknown, path: string, uids: number): Row {
  const vote = readObject(value, path)
  const targets = readList(readWhole(uids - 1))(vote.uids, `${path}.uids`)
  const cells = readList(readWhole(U16_ONE), targets.length)(vote.u16, `${path}.u16`)
  if (new Set(targets).size !== targets.length) throw invalid(`${path}.uids`, 'each uid once', targets)
  const row = new Array<number>(uids).fill(0)
  targets.forEach((uid, index) => {
    row[uid] = cells[index]!
  })
  return row
}
