import { type ErrorFact, WitanError } from '../errors/witan-error.js'
import { MAX_QUANTISED_STAKE, MAX_UIDS, PPM_ONE, U16_ONE } from './constants.js'
import type { EpochInput, LiquidAlpha, Row } from './types.js'

const PER_UID = [
  'permits',
  'newPermits',
  'withheld',
  'registeredAt',
  'lastUpdate',
  'committedAt',
  'rows',
  'bonds',
] as const

const WHOLE = ['endsAt', 'activityCutoff', 'lastSettledEnd'] as const

/** Throws EPOCH_INPUT_INVALID for what the contract refuses or cannot represent. */
export function checkEpochInput(input: EpochInput): void {
  const n = input.stake.length
  if (n > MAX_UIDS) throw invalid('More uids than an epoch can hold', { uids: n, maximum: MAX_UIDS })
  for (const field of PER_UID) {
    const actual = input[field].length
    if (actual !== n) throw invalid('An array has not one entry per uid', { field, expected: n, actual })
  }
  for (const field of ['kappa', 'bondsPenalty'] as const) checkWithin(field, input[field], U16_ONE)
  checkWithin('bondsAlphaPpm', input.bondsAlphaPpm, PPM_ONE)
  if (input.liquidAlpha !== undefined) checkLiquidAlpha(input.liquidAlpha)
  for (const field of WHOLE) checkWithin(field, input[field], Number.MAX_SAFE_INTEGER)
  for (const field of ['registeredAt', 'lastUpdate', 'committedAt'] as const)
    for (const time of input[field]) checkWithin(field, time, Number.MAX_SAFE_INTEGER)
  checkStake(input.stake)
  for (const field of ['rows', 'bonds'] as const) for (const row of input[field]) checkRow(field, row, n)
}

function checkLiquidAlpha({ low, high, steepness }: LiquidAlpha): void {
  checkWithin('liquidAlpha.steepness', steepness, U16_ONE)
  checkWithin('liquidAlpha.high', high, U16_ONE)
  checkWithin('liquidAlpha.low', low, high)
}

function checkStake(stake: readonly number[]): void {
  for (const amount of stake) checkWithin('stake', amount, MAX_QUANTISED_STAKE)
  const total = stake.reduce((sum, amount) => sum + amount, 0)
  if (total > MAX_QUANTISED_STAKE)
    throw invalid('Quantised stakes sum to too much', { total, maximum: MAX_QUANTISED_STAKE })
}

function checkRow(field: string, row: Row, uids: number): void {
  if (row.length > uids) throw invalid('A row is longer than the uids', { field, uids, length: row.length })
  for (let uid = 0; uid < row.length; uid++) checkWithin(field, row[uid]!, U16_ONE)
}

function checkWithin(field: string, value: number, maximum: number): void {
  if (Number.isSafeInteger(value) && value >= 0 && value <= maximum) return
  throw invalid('A value is not a whole number within its range', { field, value, maximum })
}

function invalid(what: string, facts: Record<string, ErrorFact>): WitanError {
  return new WitanError('EPOCH_INPUT_INVALID', what, { facts })
}
