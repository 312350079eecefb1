// The rules of docs/design/0001-epoch-arithmetic.md once more, in plain bigint, cell by cell: slow and obvious.
import type { EpochInput, EpochResult } from '../src/index.js'

type Matrix = bigint[][]

const sum = (values: readonly bigint[]) => values.reduce((total, value) => total + value, 0n)
const min = (a: bigint, b: bigint) => (a < b ? a : b)
const max = (a: bigint, b: bigint) => (a > b ? a : b)
const ceilDiv = (a: bigint, b: bigint) => (a + b - 1n) / b

/** `runEpoch` by the letter of the document; every matrix is n × n, its rows zero where a uid has no permit. */
export function referenceEpoch(input: EpochInput): EpochResult {
  const n = input.stake.length
  const uids = Array.from({ length: n }, (_, uid) => uid)
  const a = uids.map((i) => activeStake(input, i))
  const Q = sum(a)

  const W = uids.map((i) => normalised(uids.map((j) => rawWeight(input, i, j))))
  const needed = max(1n, ceilDiv(BigInt(input.kappa) * Q, 65_535n))
  const C = uids.map((j) =>
    consensus(
      uids.map((i) => [W[i]![j]!, a[i]!]),
      needed,
    ),
  )

  const Wc: Matrix = W.map((row) => row.map((w, j) => min(w, C[j]!)))
  const trust = Wc.map(sum)
  const rank = uids.map((j) => sum(uids.map((i) => a[i]! * Wc[i]![j]!)))

  const E = uids.map((i) => uids.map((j) => (input.permits[i] ? bond(input, i, j, W[i]![j]!, Wc[i]![j]!, C) : 0n)))
  const k = uids.map((j) => {
    const column = sum(E.map((row) => row[j]!))
    return column === 0n ? 0n : min((rank[j]! << 46n) / column, 2n ** 60n - 1n)
  })
  const d = uids.map((i) => a[i]! * sum(uids.map((j) => E[i]![j]! * k[j]!)))

  const dividends = shares(d)
  const minersVoted = sum(rank) > 0n
  const byStake = shares(Q > 0n ? a : input.stake.map(BigInt))
  return {
    consensus: C,
    validatorTrust: trust,
    incentive: shares(rank),
    dividends,
    validatorPay: minersVoted ? dividends : byStake,
    minersVoted,
    bonds: uids.map((i) => {
      const stored = E[i]!.map((cell) => Number(cell >> 48n))
      return input.newPermits[i] && stored.some((cell) => cell > 0) ? stored : []
    }),
    activeStake: Q,
  }
}

function activeStake(input: EpochInput, i: number): bigint {
  const inactive = input.lastUpdate[i]! + input.activityCutoff < input.endsAt
  return input.permits[i] && !inactive && !input.withheld[i] ? BigInt(input.stake[i]!) : 0n
}

function rawWeight(input: EpochInput, i: number, j: number): bigint {
  if (!input.permits[i] || i === j || input.registeredAt[j]! >= input.committedAt[i]!) return 0n
  return BigInt(input.rows[i]![j] ?? 0)
}

function normalised(row: readonly bigint[]): bigint[] {
  const total = sum(row)
  if (total === 0n) return row.map(() => 0n)
  const r = ceilDiv(2n ** 63n, total)
  return row.map((w) => (w * r) / 2n ** 33n)
}

/** Tries every score that was given. */
function consensus(votes: readonly [score: bigint, stake: bigint][], needed: bigint): bigint {
  const reached = votes
    .filter(([score, stake]) => score > 0n && stake > 0n)
    .map(([score]) => score)
    .filter((score) => sum(votes.filter(([other]) => other >= score).map(([, stake]) => stake)) >= needed)
  return reached.reduce(max, 0n)
}

function bond(input: EpochInput, i: number, j: number, W: bigint, Wc: bigint, C: readonly bigint[]): bigint {
  const x = ((65_535n - BigInt(input.bondsPenalty)) * 2n ** 16n + 32_767n) / 65_535n
  const Wb = Wc + ((W - Wc) * x) / 2n ** 16n
  const isCleared = input.registeredAt[j]! > input.lastSettledEnd
  const B = isCleared ? 0n : BigInt(input.bonds[i]![j] ?? 0)
  const A = alpha(input, Wb, B, C[j]!, C)
  return A * 65_535n * (Wb / 4n) + (2n ** 20n - A) * 2n ** 28n * B
}

function alpha({ bondsAlphaPpm, liquidAlpha }: EpochInput, Wb: bigint, B: bigint, Cj: bigint, C: readonly bigint[]) {
  if (liquidAlpha === undefined || C.every((score) => score === 0n))
    return (BigInt(bondsAlphaPpm) * 2n ** 20n + 500_000n) / 10n ** 6n
  const b = (B * 2n ** 30n) / 65_535n
  const d = Wb >= b ? max(Wb - Cj, 0n) : b - Wb
  const [L, H] = [liquidAlpha.low, liquidAlpha.high].map((bound) => (BigInt(bound) * 2n ** 20n + 32_767n) / 65_535n)
  return L! + (sigma(d, BigInt(liquidAlpha.steepness)) * (H! - L!)) / 65_535n
}

function sigma(d: bigint, steepness: bigint): bigint {
  const offset = 2n * d - 2n ** 30n
  const p = (steepness * (offset < 0n ? -offset : offset)) / 3_276_800n
  const k = p / 4_096n
  const f = p % 4_096n
  const y = k >= 192n ? 65_535n : (table(k) * (4_096n - f) + table(k + 1n) * f) / 4_096n
  return offset >= 0n ? y : 65_535n - y
}

function table(k: bigint): bigint {
  return BigInt(Math.round(65_535 / (1 + Math.exp(-Number(k) / 16))))
}

function shares(values: readonly bigint[]): bigint[] {
  const total = sum(values)
  return values.map((value) => (total === 0n ? 0n : (value << 31n) / total))
}
