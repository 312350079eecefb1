// The epoch in real numbers, as the rules state it: doubles, no units, one matrix a quantity. Only stored bonds are
// rounded, down to 1/65535.

export interface RealEpoch {
  kappa: number
  penalty: number
  alpha: number
  liquid?: { low: number; high: number; steepness: number } | undefined
  endsAt: number
  cutoff: number
  lastEnd: number
  /** Stake of any unit, 0 below the threshold. */
  stake: number[]
  permits: boolean[]
  newPermits: boolean[]
  registeredAt: number[]
  lastUpdate: number[]
  committedAt: number[]
  /** By voter, then by uid; any unit. */
  rows: number[][]
  /** Of 1. */
  bonds: number[][]
}

export interface RealResult {
  consensus: number[]
  validatorTrust: number[]
  incentive: number[]
  dividends: number[]
  bonds: number[][]
  serverEmission: number[]
  validatorEmission: number[]
}

/** Sums of stakes that are equal in real numbers differ by less in doubles. */
const EPSILON = 1e-12

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
const normalise = (values: readonly number[]) => {
  const total = sum(values)
  return values.map((value) => (total === 0 ? 0 : value / total))
}
const clamp = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high)

export function realEpoch(epoch: RealEpoch): RealResult {
  const uids = epoch.stake.map((_, uid) => uid)
  const S = normalise(epoch.stake)
  const isActive = uids.map((i) => epoch.permits[i] && epoch.lastUpdate[i]! + epoch.cutoff >= epoch.endsAt)
  const A = normalise(S.map((share, i) => (isActive[i] ? share : 0)))
  const W = uids.map((i) => normalise(uids.map((j) => (isMasked(epoch, i, j) ? 0 : (epoch.rows[i]?.[j] ?? 0)))))
  const column = (matrix: number[][], j: number) => matrix.map((row) => row[j]!)
  const C = uids.map((j) => median(column(W, j), A, epoch.kappa))
  const Wc = W.map((row) => row.map((w, j) => Math.min(w, C[j]!)))
  const incentive = normalise(uids.map((j) => sum(column(Wc, j).map((w, i) => A[i]! * w))))
  const E = uids.map((i) => uids.map((j) => (epoch.permits[i] ? bond(epoch, i, j, W[i]![j]!, Wc[i]![j]!, C) : 0)))
  const columnShares = uids.map((j) => normalise(column(E, j)))
  const dividends = normalise(uids.map((i) => A[i]! * sum(uids.map((j) => columnShares[j]![i]! * incentive[j]!))))
  const pay = sum(incentive) > 0 ? dividends : sum(A) > 0 ? A : S
  const paid = sum(incentive) + sum(pay)
  const part = (shares: readonly number[]) => shares.map((share) => (paid === 0 ? 0 : share / paid))
  return {
    consensus: C,
    validatorTrust: Wc.map(sum),
    incentive,
    dividends,
    bonds: E.map((row, i) => row.map((e) => (epoch.newPermits[i] ? Math.floor(e * 65_535 + 1e-6) / 65_535 : 0))),
    serverEmission: part(incentive),
    validatorEmission: part(pay),
  }
}

function isMasked(epoch: RealEpoch, i: number, j: number): boolean {
  return !epoch.permits[i] || i === j || epoch.registeredAt[j]! >= epoch.committedAt[i]!
}

/** Scores downward, adding stake until kappa is reached. */
function median(scores: readonly number[], stake: readonly number[], kappa: number): number {
  if (sum(stake) === 0) return 0
  const order = scores.map((_, i) => i).filter((i) => stake[i]! > 0)
  order.sort((a, b) => scores[b]! - scores[a]!)
  let support = 0
  for (const i of order) {
    support += stake[i]!
    if (support >= kappa - EPSILON) return scores[i]!
  }
  return 0
}

function bond(epoch: RealEpoch, i: number, j: number, w: number, wc: number, C: readonly number[]): number {
  const wb = (1 - epoch.penalty) * w + epoch.penalty * wc
  const b = epoch.registeredAt[j]! > epoch.lastEnd ? 0 : (epoch.bonds[i]?.[j] ?? 0)
  const alpha = epoch.liquid && C.some((c) => c > 0) ? liquid(epoch.liquid, wb, C[j]!, b) : epoch.alpha
  return alpha * wb + (1 - alpha) * b
}

function liquid({ low, high, steepness }: NonNullable<RealEpoch['liquid']>, wb: number, c: number, b: number): number {
  const d = wb >= b ? clamp(wb - c, 0, 1) : clamp(b - wb, 0, 1)
  const sigmoid = 1 / (1 + Math.exp(-steepness * (d - 0.5)))
  return clamp(low + sigmoid * (high - low), low, high)
}
