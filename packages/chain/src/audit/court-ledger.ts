import type { Address, Hex } from '@witan/protocol'
import { ACCUSATION_STATES, type AccusationState } from '../client/reads/read-court.js'
import type { AuditEvent } from './audit-event.js'
import type { Moved } from './moved.js'

/** Times in unix seconds. */
export interface AccusationFacts {
  readonly challenger: Address
  readonly accusedAt: number
  readonly faultAt: number
  readonly nodeId: bigint
  readonly slashBps: number
  readonly requestDigest: Hex
  state: AccusationState
}

export interface CourtLedger {
  readonly accusations: Map<bigint, AccusationFacts>
  /** For later accusations. */
  slashBps: number
}

export const createCourtLedger = (): CourtLedger => ({ accusations: new Map(), slashBps: 0 })

const ENDS: Readonly<Record<string, AccusationState>> = {
  AccusationExecuted: 'executed',
  AccusationVetoed: 'vetoed',
  AccusationDismissed: 'dismissed',
}

/** Returns what the ledger has for the part that was taken before or the node that was accused, which the event tells. */
export function applyToCourt(ledger: CourtLedger, event: AuditEvent<'DisputeCourt'>, time: number): Moved | undefined {
  if (event.name === 'SlashBpsSet') {
    const { previous, current } = event.args
    const rebuilt = [ledger.slashBps]
    ledger.slashBps = current
    return { rebuilt, told: [previous] }
  }
  const { accusationId, nodeId } = event.args
  if (event.name === 'Accused') {
    const { challenger, requestDigest, faultAt, slashBps } = event.args
    const accusation = { challenger, accusedAt: time, faultAt, nodeId, slashBps, requestDigest }
    ledger.accusations.set(accusationId, { ...accusation, state: ACCUSATION_STATES[0] })
    return { rebuilt: [ledger.slashBps], told: [slashBps] }
  }
  const accusation = ledger.accusations.get(accusationId)
  const rebuilt = [accusation?.state, accusation?.nodeId]
  if (accusation !== undefined) accusation.state = ENDS[event.name]!
  return { rebuilt, told: [ACCUSATION_STATES[0], nodeId] }
}
