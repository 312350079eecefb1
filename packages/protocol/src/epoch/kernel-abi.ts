import { fromBitmap, toBitmap } from './bitmap.js'
import { packRow, unpackRow } from './packed-row.js'
import type { EpochInput, EpochResult, Row } from './types.js'

/** `IEpochKernel.Input`, field by field, as an ABI encoder takes it. */
export interface KernelInput {
  readonly kappa: number
  readonly bondsPenalty: number
  readonly bondsAlpha: number
  readonly endsAt: number
  readonly activityCutoff: number
  readonly lastSettledEnd: number
  readonly permits: bigint
  readonly newPermits: bigint
  readonly withheld: bigint
  readonly stake: readonly number[]
  readonly registeredAt: readonly number[]
  readonly lastUpdate: readonly number[]
  readonly committedAt: readonly number[]
  readonly rows: readonly (readonly bigint[])[]
  readonly bonds: readonly (readonly bigint[])[]
}

/** `IEpochKernel.Output`, field by field, as an ABI decoder gives it. */
export interface KernelOutput {
  readonly consensus: readonly bigint[]
  readonly validatorTrust: readonly bigint[]
  readonly incentive: readonly bigint[]
  readonly dividends: readonly bigint[]
  readonly validatorPay: readonly bigint[]
  readonly minersVoted: boolean
  readonly bonds: readonly (readonly bigint[])[]
  readonly activeStake: bigint
}

/** The argument of `EpochKernel.run` for an epoch. */
export function toKernelInput(input: EpochInput): KernelInput {
  const { bondsAlphaPpm, ...same } = input
  return {
    ...same,
    bondsAlpha: bondsAlphaPpm,
    permits: toBitmap(input.permits),
    newPermits: toBitmap(input.newPermits),
    withheld: toBitmap(input.withheld),
    rows: packHeld(input.rows, input.permits),
    bonds: packHeld(input.bonds, input.permits),
  }
}

/** What `EpochKernel.run` returned for `input`. */
export function fromKernelOutput(output: KernelOutput, input: EpochInput): EpochResult {
  return {
    consensus: [...output.consensus],
    validatorTrust: [...output.validatorTrust],
    incentive: [...output.incentive],
    dividends: [...output.dividends],
    validatorPay: [...output.validatorPay],
    minersVoted: output.minersVoted,
    bonds: unpackHeld(output.bonds, toBitmap(input.newPermits), input.stake.length),
    activeStake: output.activeStake,
  }
}

/** Packs the rows of holders, ascending by uid; a row of zeros becomes an empty entry. */
function packHeld(rows: readonly Row[], holders: readonly boolean[]): bigint[][] {
  return rows.filter((_, uid) => holders[uid]).map((row) => (row.some((cell) => cell !== 0) ? packRow(row) : []))
}

/** Rows by uid from packed ones of holders; empty for uids that hold nothing and for empty entries. */
function unpackHeld(packed: readonly (readonly bigint[])[], holders: bigint, uids: number): Row[] {
  let next = 0
  return fromBitmap(holders, uids).map((holds) => {
    const words = holds ? (packed[next++] ?? []) : []
    return words.length === 0 ? [] : unpackRow(words, uids)
  })
}
