import { type Hex, LOCAL_CHAIN_ID, MIN_EPOCH_LENGTH, WitanError } from '@witan/protocol'
import { loadConfiguration, z } from '@witan/runtime'
import { addressSchema, amountSchema, chainIdSchema, networkNameSchema } from '../network/schemas.js'
import { checkCourtPlan, courtSchema } from './court-terms.js'
import { checkGovernancePlan, governanceSchema } from './governance-terms.js'

const DAY_SECONDS = 86_400

const digestSchema = z
  .string()
  .regex(/^0x[0-9a-f]{64}$/, 'not a digest: 0x and 64 hexadecimal digits')
  .transform((text) => text as Hex)
const TOKEN = 10n ** 18n
/** The default epoch. */
const GAUGE_PERIOD = 4_320

/** The network to be: amounts in tokens, times in seconds. */
export const deployFileSchema = z.strictObject({
  name: networkNameSchema,
  chainId: chainIdSchema,
  /** Who holds the tokens that exist before any emission; may be empty in a fork only. */
  genesis: z.array(z.strictObject({ address: addressSchema, amount: amountSchema })),
  /** Shortest epoch that a subnet may choose; under ten minutes on a local chain only. */
  minEpochLength: z.int().positive().default(MIN_EPOCH_LENGTH),
  /** Between the request to unstake and the payment. */
  unbonding: z
    .int()
    .nonnegative()
    .default(14 * DAY_SECONDS),
  /** In which a reward to a pool becomes withdrawable. */
  rewardUnlock: z.int().nonnegative().default(DAY_SECONDS),
  /** In which stake that moved from one node to another cannot move again. */
  moveLock: z.int().nonnegative().default(DAY_SECONDS),
  /** Burned for a subnet at least; the price doubles with each and halves in `subnetPriceHalfLife`. */
  subnetPrice: amountSchema.default(100n * TOKEN),
  subnetPriceHalfLife: z
    .int()
    .positive()
    .default(4 * DAY_SECONDS),
  /** Held until a subnet is dissolved. */
  subnetLock: amountSchema.default(100n * TOKEN),
  /** The first so many subnets earn without a decision of the stakers; none except on a local chain. */
  listedFromStart: z.int().min(0).max(65_535).default(0),
  /** The most that settling an epoch earns; half a percent of its emission when that is less. */
  bountyCap: amountSchema.default(TOKEN),
  /** At whose ends stake that was pointed at subnets takes effect. */
  gaugePeriod: z.int().positive().default(GAUGE_PERIOD),
  /** The largest share of the emission that one subnet gets, basis points. */
  maxShareBps: z.int().min(1).max(10_000).default(5_000),
  /** Between the request to close a payment channel and the withdrawal from it. */
  channelGrace: z.int().nonnegative().default(DAY_SECONDS),
  /** Between the signing of a consortium's split table and its effect. */
  tableDelay: z.int().nonnegative().default(DAY_SECONDS),
  /** Who receives the treasury's part of what models earn; the timelock of the stakers when absent. */
  treasury: addressSchema.optional(),
  /** In which the curators of a data set vote on a version or a flag. */
  datasetVote: z
    .int()
    .positive()
    .default(3 * DAY_SECONDS),
  /** In which a data set must be corrected after a flag was upheld. */
  datasetCorrection: z
    .int()
    .positive()
    .default(7 * DAY_SECONDS),
  /** In which the model version before the live one still counts. */
  modelGrace: z.int().nonnegative().default(DAY_SECONDS),
  /** How stakers decide. */
  governance: governanceSchema.prefault({}),
  /** Who decides: stake, or `members`, one vote each whatever they stake. */
  votes: z.enum(['stake', 'members']).default('stake'),
  /** The first of them. */
  members: z.array(addressSchema).default([]),
  /** Of a fork, as `witan fork deploy` writes it: what holders of the other network claim. */
  fork: z
    .strictObject({
      exportDigest: digestSchema,
      claimsRoot: digestSchema,
      stateRoot: digestSchema,
      /** Of all claims together. */
      supply: amountSchema,
      /** To the treasury of the fork: the timelock of its stakers. */
      treasury: amountSchema,
    })
    .optional(),
  /** What an accusation costs and takes. */
  court: courtSchema.prefault({}),
})

export type DeployPlan = z.output<typeof deployFileSchema>

/** Throws `CONFIG_NOT_FOUND`, `CONFIG_SYNTAX`, `CONFIG_UNKNOWN_KEY`, `CONFIG_INVALID` or `PARAMETER_INVALID`. */
export function readDeployFile(path: string): DeployPlan {
  const plan = loadConfiguration({ schema: deployFileSchema, file: path }).values
  checkDeployPlan(plan)
  return plan
}

/** Seconds: anything shorter is for a local chain, where a person waits for it. */
const SHORTEST_SECONDS = {
  minEpochLength: MIN_EPOCH_LENGTH,
  unbonding: DAY_SECONDS,
  gaugePeriod: 600,
  moveLock: 3_600,
  rewardUnlock: 3_600,
  channelGrace: DAY_SECONDS,
  tableDelay: 3_600,
  datasetVote: DAY_SECONDS,
  datasetCorrection: DAY_SECONDS,
} as const satisfies Partial<Record<keyof DeployPlan, number>>

/** Throws `PARAMETER_INVALID`: nothing of it can be changed once deployed. */
export function checkDeployPlan(plan: DeployPlan): void {
  if (plan.genesis.length === 0 && plan.fork === undefined) {
    throw new WitanError('PARAMETER_INVALID', 'Somebody must hold tokens before any emission', {
      facts: { parameter: 'genesis', value: 0, min: 1 },
    })
  }
  checkTimes(plan)
  checkGovernancePlan(plan)
  checkMembers(plan)
  checkCourtPlan(plan)
}

/** One vote is what one member has: a threshold above it would be nobody's. */
function checkMembers({ votes, members, governance }: DeployPlan): void {
  const refused = (
    parameter: string,
    value: string | number | bigint,
    facts: Record<string, string | number | bigint>,
  ) => new WitanError('PARAMETER_INVALID', 'Members cannot decide like this', { facts: { parameter, value, ...facts } })
  if (votes === 'stake') {
    if (members.length > 0) throw refused('members', members.length, { votes })
    return
  }
  if (members.length === 0) throw refused('members', 0, { min: 1 })
  const twice = members.find((member, index) => members.indexOf(member) !== index)
  if (twice !== undefined) throw refused('members', twice, { reason: 'named twice' })
  if (governance.maxProposalThreshold > TOKEN) {
    throw refused('governance.maxProposalThreshold', governance.maxProposalThreshold, { max: TOKEN })
  }
}

function checkTimes(plan: DeployPlan): void {
  const { chainId, listedFromStart } = plan
  if (chainId === LOCAL_CHAIN_ID) return
  if (listedFromStart > 0) {
    throw new WitanError('PARAMETER_INVALID', 'Which subnets earn is for the stakers to decide', {
      facts: { parameter: 'listedFromStart', value: listedFromStart, max: 0, chainId },
    })
  }
  for (const [parameter, min] of Object.entries(SHORTEST_SECONDS)) {
    const value = plan[parameter as keyof typeof SHORTEST_SECONDS]
    if (value >= min) continue
    throw new WitanError('PARAMETER_INVALID', 'Times this short are for a local chain', {
      facts: { parameter, value, min, chainId },
    })
  }
}
