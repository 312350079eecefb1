import { LOCAL_CHAIN_ID, WitanError } from '@witan/protocol'
import { z } from '@witan/runtime'
import { amountSchema } from '../network/schemas.js'
import { type GovernancePlan, governanceTermsOf } from './governance-terms.js'

const DAY_SECONDS = 86_400
const TOKEN = 10n ** 18n
const LOCAL_MARGIN_SECONDS = 5
/** How long a node is held at most, in unbonding times: `StakePools.MAX_HOLD`. */
const MAX_HOLD = 2

/** What an accusation costs and what a proven fault takes. */
export const courtSchema = z.strictObject({
  /** Of an accusation; burned when the stakers veto it. */
  bond: amountSchema.default(10n * TOKEN),
  /** Part of the pool that a proven fault takes, basis points; the stakers can change it. */
  slashBps: z.int().min(100).max(5_000).default(1_000),
  /** Seconds between the longest decision and the slash; a day, on a local chain a few seconds. */
  margin: z.int().positive().optional(),
})

export interface CourtPlan extends GovernancePlan {
  readonly court: z.output<typeof courtSchema>
}

/** The terms that the contract takes. */
export function courtTermsOf({ chainId, court }: CourtPlan) {
  return { ...court, margin: court.margin ?? (chainId === LOCAL_CHAIN_ID ? LOCAL_MARGIN_SECONDS : DAY_SECONDS) }
}

/** Throws `PARAMETER_INVALID` for what the contract would refuse. */
export function checkCourtPlan(plan: CourtPlan): void {
  const { margin: value } = courtTermsOf(plan)
  const min = plan.chainId === LOCAL_CHAIN_ID ? 1 : DAY_SECONDS
  // A decision and the margin before the slash, and as long after it, while stake is held.
  const max = Math.floor((MAX_HOLD * plan.unbonding - governanceTermsOf(plan).maxCycle) / 2)
  if (value >= min && value <= max) return
  throw new WitanError('PARAMETER_INVALID', 'The time before a slash is out of its bounds', {
    facts: { parameter: 'court.margin', value, min, max, chainId: plan.chainId },
  })
}
