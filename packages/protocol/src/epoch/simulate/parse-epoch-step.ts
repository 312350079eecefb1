import { MAX_UIDS, U16_ONE } from '../constants.js'
import type { Row } from '../types.js'
import {
  invalid,
  type Read,
  readAmount,
  readBoolean,
  readList,
  readObject,
  readOptional,
  readWhole,
} from './read-json.js'
import type { SimulationStep } from './types.js'

/** A step of the kinds `epoch` and `epoch_sequence`: everything under `inputs`, rows as sparse [uid, u16] pairs. */
export const parseEpochStep: Read<SimulationStep> = (value, path) => {
  const step = readObject(value, path)
  const at = `${path}.inputs`
  const inputs = readObject(step.inputs, at)
  const stake = parseStake(inputs.stake, `${at}.stake`)
  const n = stake.length
  const times = readList(readWhole(), n)
  const rows = readList(parseSparseRow(n), n)
  return {
    endsAt: readWhole()(inputs.block, `${at}.block`),
    stake,
    ...parseReset(step, path, n),
    ...readOptional(inputs, at, 'validator_permits', 'permits', readList(readBoolean, n)),
    ...readOptional(inputs, at, 'last_update', 'lastUpdate', times),
    ...readOptional(inputs, at, 'committed_at', 'committedAt', times),
    ...readOptional(inputs, at, 'block_at_registration', 'registeredAt', times),
    ...readOptional(inputs, at, 'weights_sparse_u16', 'rows', rows),
    ...readOptional(inputs, at, 'prior_bonds_sparse_u16', 'bonds', rows),
  }
}

export const parseStake: Read<bigint[]> = (value, path) => {
  const stake = readList(readAmount)(value, path)
  if (stake.length > MAX_UIDS) throw invalid(path, `at most ${MAX_UIDS} uids`, stake.length)
  return stake
}

export function parseReset(step: Record<string, unknown>, path: string, uids: number): { resetBondsOfUid?: number } {
  if (step.reset_bonds_of_uid === null) return {}
  return readOptional(step, path, 'reset_bonds_of_uid', 'resetBondsOfUid', readWhole(uids - 1))
}

function parseSparseRow(uids: number): Read<Row> {
  return (value, path) => {
    const row = new Array<number>(uids).fill(0)
    const seen = new Set<number>()
    readList(readList(readWhole(U16_ONE), 2))(value, path).forEach(([uid, cell], index) => {
      if (uid! >= uids || seen.has(uid!)) throw invalid(`${path}[${index}][0]`, `a uid below ${uids}, once`, uid)
      seen.add(uid!)
      row[uid!] = cell!
    })
    return seen.size === 0 ? [] : row
  }
}
