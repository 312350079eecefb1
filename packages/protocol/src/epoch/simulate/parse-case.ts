import { MAX_UIDS, PPM_ONE, U16_ONE } from '../constants.js'
import type { LiquidAlpha } from '../types.js'
import { parseEpochStep } from './parse-epoch-step.js'
import { parseYuma3Steps } from './parse-yuma3-steps.js'
import { invalid, readAmount, readBoolean, readFraction, readList, readObject, readOr, readWhole } from './read-json.js'
import type { SimulationCase, SimulationRules, SimulationStep } from './types.js'

/**
 * A case in the format of the upstream vectors (test/vectors/yuma.json), kinds `epoch`, `epoch_sequence` and
 * `yuma3_sequence`. Absent parameters take the defaults of a subnet. Throws CASE_INVALID with the path of the first
 * wrong value.
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
  return {
    kappa: readOr(params, path, 'kappa_u16', readWhole(U16_ONE), 32_767),
    bondsPenalty: readOr(params, path, 'bonds_penalty_u16', readWhole(U16_ONE), U16_ONE),
    bondsAlphaPpm: PPM_ONE - readOr(params, path, 'bonds_moving_average_ppm', readWhole(PPM_ONE), 900_000),
    liquidAlpha: readOr(params, path, 'liquid_alpha', readBoolean, false) ? parseLiquidAlpha(params, path) : undefined,
    activityCutoff: readOr(params, path, 'activity_cutoff', readWhole(), 5_000),
    maxValidators: readOr(params, path, 'max_validators', readWhole(), MAX_UIDS),
    stakeThreshold: readOr(params, path, 'stake_threshold', readAmount, 0n),
    tempo: readOr(params, path, 'tempo', readWhole(), 0),
  }
}

/** Bounds as fractions of 1, the steepness in hundredths as upstream has it. */
function parseLiquidAlpha(params: Record<string, unknown>, path: string): LiquidAlpha {
  const low = readOr(params, path, 'alpha_low', readFraction, 0.7)
  const high = readOr(params, path, 'alpha_high', readFraction, 0.9)
  if (low > high) throw invalid(`${path}.alpha_low`, `at most alpha_high, ${high}`, low)
  return {
    low: Math.round(low * U16_ONE),
    high: Math.round(high * U16_ONE),
    steepness: readOr(params, path, 'alpha_sigmoid_steepness', readWhole(U16_ONE), 1_000),
  }
}
