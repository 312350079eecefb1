import { MAX_CELLS, MAX_LIQUID_CELLS } from '../epoch/constants.js'
import { WitanError } from '../errors/witan-error.js'
import { PARAMETER_TABLE } from './parameter-table.js'
import { MIN_EPOCH_LENGTH } from './presets.js'
import type { ParameterName, SubnetParameters } from './subnet-parameters.js'

const WHOLE_BPS = 10_000

export interface ParameterContext {
  /** Seconds: `Subnets.minEpochLength()` of the deployment; ten minutes when absent. */
  readonly minEpochLength?: number
}

/** Throws `PARAMETER_INVALID` for the first parameter outside its bounds, as `createSubnet` would revert. */
export function validateParameters(parameters: SubnetParameters, context: ParameterContext = {}): void {
  const { minEpochLength = MIN_EPOCH_LENGTH } = context
  for (const name of Object.keys(PARAMETER_TABLE) as ParameterName[]) {
    const { min, max } = PARAMETER_TABLE[name]
    const low = name === 'epochLength' ? BigInt(minEpochLength) : min
    within(name, integer(name, parameters[name]), low, max)
  }
  const { epochLength, revealWindow, alphaLow, alphaHigh, initialPrice, minPrice, maxPrice } = parameters
  within('revealWindow', BigInt(revealWindow), 1n, BigInt(Math.floor(epochLength / 2)))
  within('alphaLow', BigInt(alphaLow), PARAMETER_TABLE.alphaLow.min, BigInt(alphaHigh))
  within('initialPrice', initialPrice, minPrice, maxPrice)
  checkCells(parameters)
  checkCuts(parameters)
}

function checkCells({ maxUids, maxValidators, liquidAlpha }: SubnetParameters): void {
  const product = maxUids * maxValidators
  const max = liquidAlpha ? MAX_LIQUID_CELLS : MAX_CELLS
  if (product <= max) return
  throw new WitanError('PARAMETER_INVALID', 'maxUids · maxValidators is too large for one transaction', {
    facts: { maxUids, maxValidators, liquidAlpha, product, max },
  })
}

function checkCuts({ ownerCut, minersCut, validatorsCut }: SubnetParameters): void {
  const cuts = ownerCut + minersCut + validatorsCut
  if (cuts === WHOLE_BPS) return
  throw new WitanError('PARAMETER_INVALID', 'The three cuts of the emission do not make a whole', {
    facts: { ownerCut, minersCut, validatorsCut, sum: cuts, whole: WHOLE_BPS },
  })
}

function integer(name: ParameterName, value: number | bigint | boolean): bigint {
  if (typeof value === 'bigint' || typeof value === 'boolean' || Number.isSafeInteger(value)) return BigInt(value)
  throw new WitanError('PARAMETER_INVALID', `${name} is not a whole number`, { facts: { parameter: name, value } })
}

function within(name: ParameterName, value: bigint, min: bigint, max: bigint): void {
  if (value >= min && value <= max) return
  throw new WitanError('PARAMETER_INVALID', `${name} is out of bounds`, {
    facts: { parameter: name, value, min, max, unit: PARAMETER_TABLE[name].unit },
  })
}
