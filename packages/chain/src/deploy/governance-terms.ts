import { LOCAL_CHAIN_ID, WitanError } from '@witan/protocol'
import { z } from '@witan/runtime'
import { addressSchema, amountSchema } from '../network/schemas.js'

const DAY_SECONDS = 86_400
const TOKEN = 10n ** 18n
const ZERO_ADDRESS = `0x${'0'.repeat(40)}` as const

const seconds = z.int().nonnegative()

/** How stakers decide; what is absent is the default of the chain. Times in seconds. */
export const governanceSchema = z.strictObject({
  /** Between a proposal and the moment whose stake votes. */
  votingDelay: seconds.optional(),
  votingPeriod: seconds.optional(),
  /** Left at least to vote once enough have voted. */
  voteExtension: seconds.optional(),
  /** Between the queueing and the execution. */
  timelockDelay: seconds.optional(),
  /** In which a proposal that waited can be executed. */
  executionWindow: seconds.optional(),
  /** The least that waiting, voting and executing take each, for good. */
  minCycle: seconds.optional(),
  /** The most from a proposal to the end of its execution, for good. */
  maxCycle: seconds.optional(),
  /** Of all stake, for or abstaining. */
  quorumPercent: z.int().min(1).max(20).default(4),
  /** Of all stake, for: ends the vote. */
  superQuorumPercent: z.int().min(51).max(100).default(67),
  /** Votes of stake needed to propose. */
  proposalThreshold: amountSchema.default(TOKEN),
  /** The most that the threshold can ever be. */
  maxProposalThreshold: amountSchema.default(10_000n * TOKEN),
  /** Who may cancel proposals for one term; nobody when absent. */
  guardian: addressSchema.optional(),
  /** How long a guardian's power lasts, for good. */
  guardianTerm: z
    .int()
    .nonnegative()
    .max(365 * DAY_SECONDS)
    .default(180 * DAY_SECONDS),
})

interface CycleTimes {
  readonly votingDelay: number
  readonly votingPeriod: number
  readonly voteExtension: number
  readonly timelockDelay: number
  readonly executionWindow: number
  readonly minCycle: number
  readonly maxCycle: number
}

const PUBLIC_TIMES: CycleTimes = {
  votingDelay: DAY_SECONDS,
  votingPeriod: 2 * DAY_SECONDS,
  voteExtension: DAY_SECONDS,
  timelockDelay: DAY_SECONDS,
  executionWindow: 2 * DAY_SECONDS,
  minCycle: DAY_SECONDS,
  maxCycle: 7 * DAY_SECONDS,
}

/** A person who waits sees a decision through in a minute. */
const LOCAL_TIMES: CycleTimes = {
  votingDelay: 2,
  votingPeriod: 20,
  voteExtension: 5,
  timelockDelay: 3,
  executionWindow: 30,
  minCycle: 5,
  maxCycle: 60,
}

export interface GovernancePlan {
  readonly chainId: number
  readonly unbonding: number
  readonly governance: z.output<typeof governanceSchema>
}

/** The terms that the contract takes. */
export type GovernanceTerms = ReturnType<typeof governanceTermsOf>

export function governanceTermsOf({ chainId, governance }: GovernancePlan) {
  const { guardian = ZERO_ADDRESS, ...chosen } = governance
  const defaults = Object.entries(chainId === LOCAL_CHAIN_ID ? LOCAL_TIMES : PUBLIC_TIMES) as [
    keyof CycleTimes,
    number,
  ][]
  const times = Object.fromEntries(defaults.map(([name, value]) => [name, chosen[name] ?? value]))
  return { ...chosen, ...(times as unknown as CycleTimes), guardian }
}

/** Throws `PARAMETER_INVALID` for what the contracts would refuse. */
export function checkGovernancePlan(plan: GovernancePlan): void {
  const terms = governanceTermsOf(plan)
  const { votingDelay, votingPeriod, voteExtension, timelockDelay, executionWindow, minCycle, maxCycle } = terms
  const isLocal = plan.chainId === LOCAL_CHAIN_ID
  const within = (parameter: string, value: number | bigint, min: number | bigint, max: number | bigint) => {
    if (value >= min && value <= max) return
    const facts = { parameter: `governance.${parameter}`, value, min, max, chainId: plan.chainId }
    throw new WitanError('PARAMETER_INVALID', 'A time of the decisions is out of its bounds', { facts })
  }
  // Who disagrees has a day to ask for its stake and still votes; it is paid out after the decision is carried out.
  const longest = isLocal ? plan.unbonding : Math.min(7 * DAY_SECONDS, plan.unbonding - DAY_SECONDS)
  within('maxCycle', maxCycle, minCycle, longest)
  within('minCycle', minCycle, isLocal ? 1 : DAY_SECONDS, maxCycle)
  within('votingPeriod', votingPeriod, minCycle, maxCycle)
  within('executionWindow', executionWindow, minCycle, maxCycle)
  within('voteExtension', voteExtension, 0, votingPeriod)
  within('votingDelay + timelockDelay', votingDelay + timelockDelay, minCycle, maxCycle)
  const cycle = votingDelay + votingPeriod + voteExtension + timelockDelay + executionWindow
  within('cycle', cycle, minCycle, maxCycle)
  within('proposalThreshold', terms.proposalThreshold, 0n, terms.maxProposalThreshold)
}
