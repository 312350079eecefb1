import type { Hex } from '../bytes/hex.js'
import { toBitmap } from './bitmap.js'
import { WORD_BITS } from './constants.js'
import { packRow, unpackRow } from './packed-row.js'
import { bytesToWords, packWords, unpackWords } from './packed-words.js'
import type { EpochInput, EpochResult, Row } from './types.js'
import { votersOf } from './voters.js'

const CELLS_PER_WORD = WORD_BITS / 16

/** `IEpochKernel.Rules`, field by field, as an ABI encoder takes it. */
export interface KernelRules {
  readonly kappa: number
  readonly bondsPenalty: number
  readonly bondsAlpha: number
  readonly liquidAlpha: boolean
  readonly alphaLow: number
  readonly alphaHigh: number
  readonly alphaSteepness: number
  readonly endsAt: bigint
  readonly activityCutoff: bigint
  readonly lastSettledEnd: bigint
  readonly uids: number
  /** Words of one row of `bonds`. */
  readonly bondWords: number
  /** Words of one row of `rows`. */
  readonly rowWords: number
}

/** The arguments of `EpochKernel.run` in order, every list of packed words. */
export type KernelInput = readonly [
  rules: KernelRules,
  voters: readonly bigint[],
  stakes: readonly bigint[],
  registeredAt: readonly bigint[],
  newPermits: readonly bigint[],
  rows: readonly bigint[],
  bonds: readonly bigint[],
  claim: readonly bigint[],
]

/** `IEpochKernel.Output`, field by field, as an ABI decoder gives it. */
export interface KernelOutput {
  readonly consensus: Hex
  readonly validatorTrust: Hex
  readonly incentive: Hex
  readonly dividends: Hex
  readonly validatorPay: Hex
  readonly bonds: Hex
  readonly minersVoted: boolean
  readonly activeStake: bigint
}

/** What `EpochKernel.run` takes for an epoch. Without a claim (`claimOf`) the contract finds consensus by itself. */
export function toKernelInput(input: EpochInput, claim: readonly bigint[] = []): KernelInput {
  const uids = input.stake.length
  const voters = votersOf(input)
  const bondRows = voters.map((uid) => input.bonds[uid]!)
  const rowWords = Math.ceil(uids / CELLS_PER_WORD)
  const bondWords = Math.ceil(Math.max(0, ...bondRows.map(usedCells)) / CELLS_PER_WORD)
  return [
    { ...kernelRules(input), uids, bondWords, rowWords },
    voters.map((uid, voter) => voterWord(input, uid, voter)),
    packWords(input.stake, 32),
    packWords(input.registeredAt, 64),
    toBitmap(input.newPermits),
    voters.flatMap((uid) => wordsOf(input.rows[uid]!, rowWords)),
    bondRows.flatMap((row) => wordsOf(row, bondWords)),
    claim,
  ]
}

/** The consensus of a result as `EpochKernel.run` takes it for a claim: eight uint32 a word. */
export function claimOf({ consensus }: Pick<EpochResult, 'consensus'>): bigint[] {
  return packWords(consensus, 32)
}

/** What `EpochKernel.run` returned for `input`. */
export function fromKernelOutput(output: KernelOutput, input: EpochInput): EpochResult {
  const uids = input.stake.length
  const shares = (bytes: Hex) => unpackWords(bytesToWords(bytes), 32, uids)
  return {
    consensus: shares(output.consensus),
    validatorTrust: shares(output.validatorTrust),
    incentive: shares(output.incentive),
    dividends: shares(output.dividends),
    validatorPay: shares(output.validatorPay),
    minersVoted: output.minersVoted,
    bonds: keptRows(bytesToWords(output.bonds), input.newPermits),
    activeStake: output.activeStake,
  }
}

function kernelRules(input: EpochInput): Omit<KernelRules, 'uids' | 'bondWords' | 'rowWords'> {
  const { kappa, bondsPenalty, bondsAlphaPpm, liquidAlpha } = input
  return {
    kappa,
    bondsPenalty,
    bondsAlpha: bondsAlphaPpm,
    liquidAlpha: liquidAlpha !== undefined,
    alphaLow: liquidAlpha?.low ?? 0,
    alphaHigh: liquidAlpha?.high ?? 0,
    alphaSteepness: liquidAlpha?.steepness ?? 0,
    endsAt: BigInt(input.endsAt),
    activityCutoff: BigInt(input.activityCutoff),
    lastSettledEnd: BigInt(input.lastSettledEnd),
  }
}

/** uid | (row in `bonds` + 1, 0 without bonds) << 16 | withheld << 32 | lastUpdate << 64 | committedAt << 128. */
function voterWord(input: EpochInput, uid: number, voter: number): bigint {
  const bondRow = usedCells(input.bonds[uid]!) === 0 ? 0 : voter + 1
  return (
    BigInt(uid) |
    (BigInt(bondRow) << 16n) |
    (BigInt(input.withheld[uid]!) << 32n) |
    (BigInt(input.lastUpdate[uid]!) << 64n) |
    (BigInt(input.committedAt[uid]!) << 128n)
  )
}

/** Cells up to the last one that is not zero. */
function usedCells(row: Row): number {
  return row.findLastIndex((cell) => cell !== 0) + 1
}

function wordsOf(row: Row, words: number): bigint[] {
  const packed = packRow(row)
  return Array.from({ length: words }, (_, word) => packed[word] ?? 0n)
}

/** Rows by uid from those of holders, ascending by uid; empty for the others and for rows of zeros. */
function keptRows(words: readonly bigint[], holders: readonly boolean[]): Row[] {
  const rowWords = Math.ceil(holders.length / CELLS_PER_WORD)
  let next = 0
  return holders.map((holds) => {
    if (!holds) return []
    const row = unpackRow(words.slice(next, next + rowWords), holders.length)
    next += rowWords
    return row.some((cell) => cell !== 0) ? row : []
  })
}
