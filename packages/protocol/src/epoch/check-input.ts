import { type ErrorFact, WitanError } from '../errors/witan-error.js'
import { MAX_QUANTISED_STAKE, MAX_UIDS, PPM_ONE, U16_ONE } from './constants.js'
import type { EpochInput, Row } from './types.js'

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
  check(n <= MAX_UIDS, 'More uids than an epoch can hold', { uids: n, maximum: MAX_UIDS })
  for (const field of PER_UID) {
    const actual = input[field].length
    check(actual === n, 'An array has not one entry per uid', { field, expected: n, actual })
  }
  for (const field of ['kappa', 'bondsPenalty'] as const) checkWithin(field, input[field], U16_ONE)
  checkWithin('bondsAlphaPpm', input.bondsAlphaPpm, PPM_ONE)
  for (const field of WHOLE) checkWithin(field, input[field], Number.MAX_SAFE_INTEGER)
  for (const field of ['registeredAt', 'lastUpdate', 'committedAt'] as const)
    for (const time of input[field]) checkWithin(field, time, Number.MAX_SAFE_INTEGER)
  checkStake(input.stake)
  for (const field of ['rows', 'bonds'] as const) for (const row of input[field]) checkRow(field, row, n)
}

function checkStake(stake: readonly number[]): void {
  for (const amount of stake) checkWithin('stake', amount, MAX_QUANTISED_STAKE)
  const total = stake.reduce((sum, amount) => sum + amount, 0)
  check(total <= MAX_QUANTISED_STAKE, 'Quantised stakes sum to too much', { total, maximum: MAX_QUANTISED_STAKE })
}

function checkRow(field: string, row: Row, uids: number): void {
  check(row.length <= uids, 'A row is longer than the uids', { field, uids, length: row.length })
  for (const cell of row) checkWithin(field, cell, U16_ONE)
}

function checkWithin(field: string, value: number, maximum: number): void {
  const whole = Number.isSafeInteger(value) && value >= 0 && value <= maximum
  check(whole, 'A value is not a whole number within its range', { field, value, maximum })
}

function check(condition: boolean, what: string, facts: Record<string, ErrorFact>): asserts condition {
  if (!condition) throw new WitanError('EPOCH_INPUT_INVALID', what, { facts })
}
