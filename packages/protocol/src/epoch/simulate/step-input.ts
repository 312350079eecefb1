import { quantiseStake } from '../quantise-stake.js'
import { selectPermits } from '../select-permits.js'
import type { EpochInput, Row } from '../types.js'
import type { SimulationRules, SimulationStep } from './types.js'

/** What a step leaves to the next one, by uid. */
export interface Carried {
  readonly permits?: readonly boolean[]
  readonly endsAt?: number
  readonly registeredAt: readonly number[]
  readonly lastUpdate: readonly number[]
  readonly committedAt: readonly number[]
  readonly rows: readonly Row[]
  readonly bonds: readonly Row[]
}

export const NOTHING_CARRIED: Carried = { registeredAt: [], lastUpdate: [], committedAt: [], rows: [], bonds: [] }

/** The kernel's input for a step: what the step gives, else what it carries, else the defaults of a fresh subnet. */
export function stepInput(rules: SimulationRules, step: SimulationStep, carried: Carried): EpochInput {
  const stake = quantiseStake(step.stake.map((amount) => (amount < rules.stakeThreshold ? 0n : amount)))
  const newPermits = selectPermits(stake, rules.maxValidators)
  const slots = stake.map((_, uid) => slotOf(uid, step, carried))
  const bonds = step.bonds ?? slots.map(({ bonds }) => bonds)
  return {
    kappa: rules.kappa,
    bondsPenalty: rules.bondsPenalty,
    bondsAlphaPpm: rules.bondsAlphaPpm,
    liquidAlpha: rules.liquidAlpha,
    activityCutoff: rules.activityCutoff,
    endsAt: step.endsAt,
    lastSettledEnd: carried.endsAt ?? Math.max(0, step.endsAt - rules.tempo),
    permits: step.permits ?? permitsCarried(carried, newPermits),
    newPermits,
    withheld: stake.map(() => false),
    stake,
    registeredAt: slots.map(({ registeredAt }) => registeredAt),
    lastUpdate: slots.map(({ lastUpdate }) => lastUpdate),
    committedAt: slots.map(({ committedAt }) => committedAt),
    rows: slots.map(({ row }) => row),
    bonds: step.resetBondsOfUid === undefined ? bonds : clearColumn(bonds, step.resetBondsOfUid),
  }
}

interface Slot {
  registeredAt: number
  lastUpdate: number
  committedAt: number
  row: Row
  bonds: Row
}

/** One uid's state: a changed registration is a new slot; a row set in this step is dated to it unless the step says. */
function slotOf(uid: number, step: SimulationStep, carried: Carried): Slot {
  const before = carried.registeredAt[uid]
  const registeredAt = step.registeredAt?.[uid] ?? before ?? 0
  const replaced = before !== undefined && before !== registeredAt
  const row = step.rows?.[uid]
  const lastKnown = replaced ? registeredAt : (carried.lastUpdate[uid] ?? step.endsAt)
  const lastUpdate = step.lastUpdate?.[uid] ?? (row === undefined ? lastKnown : step.endsAt)
  const carriesCommit = row === undefined && step.lastUpdate === undefined && !replaced
  const uids = step.stake.length
  return {
    registeredAt,
    lastUpdate,
    committedAt: step.committedAt?.[uid] ?? (carriesCommit ? carried.committedAt[uid] : undefined) ?? lastUpdate,
    row: row ?? (replaced ? [] : carriedRow(carried.rows, uid, uids)),
    bonds: replaced ? [] : carriedRow(carried.bonds, uid, uids),
  }
}

/** Without the uids that this step no longer has. */
function carriedRow(rows: readonly Row[], uid: number, uids: number): Row {
  return (rows[uid] ?? []).slice(0, uids)
}

/** Permits of the step before, none for a uid that appeared since; in a first step those by its own stake. */
function permitsCarried(carried: Carried, newPermits: readonly boolean[]): readonly boolean[] {
  const { permits } = carried
  return permits === undefined ? newPermits : newPermits.map((_, uid) => permits[uid] ?? false)
}

function clearColumn(bonds: readonly Row[], uid: number): Row[] {
  return bonds.map((row) => row.map((bond, column) => (column === uid ? 0 : bond)))
}
