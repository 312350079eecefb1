import { WitanError } from '../../errors/witan-error.js'
import { MAX_UIDS, PPM_ONE, U16_ONE } from '../constants.js'
import { parseEpochStep } from './parse-epoch-step.js'
import { parseYuma3Steps } from './parse-yuma3-steps.js'
import { invalid, readAmount, readBoolean, readList, readObject, readOr, readWhole } from './read-json.js'
import type { SimulationCase, SimulationRules, SimulationStep } from './types.js'

/**
 * A case in the format of the upstream vectors (test/vectors/yuma.json), kinds `epoch`, `epoch_sequence` and
 * `yuma3_sequence`. Absent parameters take the defaults of a subnet. Throws CASE_INVALID with the path of the first
 * wrong value, CASE_LIQUID_ALPHA_UNSUPPORTED when the case wants liquid alpha.
 */
export function parseCase(value: unknown): SimulationCase {
  const fields = readObject(value, 'case')
  const kind = fields.kind
  const steps = parseSteps(fields)
  if (steps.length === 0) throw invalid('case.steps', 'at least one step', fields.steps)
  const rules = parseRules(fields.params ?? {})
  return { name: typeof fields.name === 'string' ? fields.name : String(kind), rules, steps }
}

function parseSteps(fields: Record<string, unknown>): SimulationStep[] {
  switch (fields.kind) {
    case 'epoch':
    case 'epoch_sequence':
      return readList(parseEpochStep)(fields.steps, 'case.steps')
    case 'yuma3_sequence':
      return parseYuma3Steps(fields)
    default:
      throw invalid('case.kind', 'epoch, epoch_sequence or yuma3_sequence', fields.kind)
  }
}

function parseRules(value: unknown): SimulationRules {
  const path = 'case.params'
  const params = readObject(value, path)
  if (readOr(params, path, 'liquid_alpha', readBoolean, false))
    throw new WitanError('CASE_LIQUID_ALPHA_UNSUPPORTED', 'The case wants liquid alpha', {
      facts: { path: `${path}.liquid_alpha` },
    })
  return {
    kappa: readOr(params, path, 'kappa_u16', readWhole(U16_ONE), 32_767),
    bondsPenalty: readOr(params, path, 'bonds_penalty_u16', readWhole(U16_ONE), U16_ONE),
    bondsAlphaPpm: PPM_ONE - readOr(params, path, 'bonds_moving_average_ppm', readWhole(PPM_ONE), 900_000),
    activityCutoff: readOr(params, path, 'activity_cutoff', readWhole(), 5_000),
    maxValidators: readOr(params, path, 'max_validators', readWhole(), MAX_UIDS),
    stakeThreshold: readOr(params, path, 'stake_threshold', readAmount, 0n),
    tempo: readOr(params, path, 'tempo', readWhole(), 0),
  }
}
