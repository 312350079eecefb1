// Plays a simulation case, straight from its JSON, with the epoch in real numbers.
import { type RealEpoch, type RealResult, realEpoch } from './epoch-real.js'

type Sparse = readonly (readonly [uid: number, u16: number])[]

export interface CaseParams {
  kappa_u16?: number
  bonds_moving_average_ppm?: number
  bonds_penalty_u16?: number
  activity_cutoff?: number
  max_validators?: number
  stake_threshold?: number
  tempo?: number
  liquid_alpha?: boolean
  alpha_low?: number
  alpha_high?: number
  alpha_sigmoid_steepness?: number
}

export interface StepInputs {
  block: number
  stake: readonly (number | string)[]
  validator_permits?: readonly boolean[]
  last_update?: readonly number[]
  committed_at?: readonly number[]
  block_at_registration?: readonly number[]
  weights_sparse_u16?: readonly Sparse[]
  prior_bonds_sparse_u16?: readonly Sparse[]
}

export interface EpochCase {
  name: string
  kind: 'epoch' | 'epoch_sequence'
  params: CaseParams
  steps: { inputs: StepInputs; reset_bonds_of_uid?: number | null }[]
}

export interface Yuma3Case {
  name: string
  kind: 'yuma3_sequence'
  params: CaseParams
  inputs: { stake: readonly number[] }
  steps: {
    epoch: number
    weights_set?: Record<string, { uids: number[]; u16: number[] }> | null
    reset_bonds_of_uid?: number | null
  }[]
}

type Held = Pick<RealEpoch, 'registeredAt' | 'lastUpdate' | 'committedAt' | 'rows' | 'bonds'> & {
  permits?: boolean[]
  lastEnd?: number
}

/** The result of every step. */
export function realCase(testCase: EpochCase | Yuma3Case): (RealResult & { permits: boolean[] })[] {
  let held: Held = { registeredAt: [], lastUpdate: [], committedAt: [], rows: [], bonds: [] }
  const played = []
  for (const step of testCase.kind === 'yuma3_sequence' ? stepsOfYuma3(testCase) : testCase.steps) {
    const epoch = epochOf(testCase.params, step, held)
    const result = realEpoch(epoch)
    played.push({ ...result, permits: epoch.newPermits })
    held = { ...epoch, permits: epoch.newPermits, bonds: result.bonds, lastEnd: epoch.endsAt }
  }
  return played
}

/** Everybody registered at block 0 and epoch e ends at block e + 1; a voter that sets nothing keeps its row and its age. */
function stepsOfYuma3({ inputs, steps }: Yuma3Case): (EpochCase['steps'][number] & { rows: (Sparse | undefined)[] })[] {
  return steps.map(({ epoch, weights_set, reset_bonds_of_uid }) => ({
    inputs: { block: epoch + 1, stake: inputs.stake },
    ...(reset_bonds_of_uid !== undefined && { reset_bonds_of_uid }),
    rows: inputs.stake.map((_, uid) => {
      const set = weights_set?.[uid]
      return set?.uids.map((target, index) => [target, set.u16[index]!] as const)
    }),
  }))
}

function epochOf(
  params: CaseParams,
  step: EpochCase['steps'][number] & { rows?: (Sparse | undefined)[] },
  held: Held,
): RealEpoch {
  const { inputs } = step
  const n = inputs.stake.length
  const stake = inputs.stake.map(Number).map((amount) => (amount < (params.stake_threshold ?? 0) ? 0 : amount))
  const newPermits = topStakes(stake, params.max_validators ?? n)
  const registeredAt = stake.map((_, i) => inputs.block_at_registration?.[i] ?? held.registeredAt[i] ?? 0)
  const isNew = registeredAt.map((time, i) => held.registeredAt[i] !== undefined && held.registeredAt[i] !== time)
  const sets = stake.map((_, i) => inputs.weights_sparse_u16?.[i] ?? step.rows?.[i])
  const lastUpdate = stake.map((_, i) => {
    if (inputs.last_update) return inputs.last_update[i]!
    if (sets[i]) return inputs.block
    return isNew[i] ? registeredAt[i]! : (held.lastUpdate[i] ?? inputs.block)
  })
  const keepsCommit = (i: number) => !inputs.last_update && !sets[i] && !isNew[i]
  const bonds = stake.map((_, i) => {
    const given = inputs.prior_bonds_sparse_u16?.[i]
    if (given) return dense(given, n).map((cell) => cell / 65_535)
    return isNew[i] ? [] : (held.bonds[i] ?? [])
  })
  return {
    kappa: (params.kappa_u16 ?? 32_767) / 65_535,
    penalty: (params.bonds_penalty_u16 ?? 65_535) / 65_535,
    alpha: 1 - (params.bonds_moving_average_ppm ?? 900_000) / 1e6,
    liquid: params.liquid_alpha ? liquidOf(params) : undefined,
    endsAt: inputs.block,
    cutoff: params.activity_cutoff ?? 5_000,
    lastEnd: held.lastEnd ?? Math.max(0, inputs.block - (params.tempo ?? 0)),
    stake,
    permits: [...(inputs.validator_permits ?? held.permits ?? newPermits)],
    newPermits,
    registeredAt,
    lastUpdate,
    committedAt: lastUpdate.map(
      (time, i) => inputs.committed_at?.[i] ?? (keepsCommit(i) ? held.committedAt[i] : undefined) ?? time,
    ),
    rows: sets.map((set, i) => (set ? dense(set, n) : isNew[i] ? [] : (held.rows[i] ?? []))),
    bonds: bonds.map((row) => row.map((bond, j) => (j === step.reset_bonds_of_uid ? 0 : bond))),
  }
}

function liquidOf({ alpha_low = 0.7, alpha_high = 0.9, alpha_sigmoid_steepness = 1_000 }: CaseParams) {
  return { low: alpha_low, high: alpha_high, steepness: alpha_sigmoid_steepness / 100 }
}

function dense(cells: Sparse, n: number): number[] {
  const row = new Array<number>(n).fill(0)
  for (const [uid, value] of cells) row[uid] = value
  return row
}

/** Of two equal stakes the higher uid goes first. */
function topStakes(stake: readonly number[], count: number): boolean[] {
  const order = stake.map((_, uid) => uid).filter((uid) => stake[uid]! > 0)
  const chosen = new Set(order.sort((a, b) => stake[b]! - stake[a]! || b - a).slice(0, count))
  return stake.map((_, uid) => chosen.has(uid))
}
