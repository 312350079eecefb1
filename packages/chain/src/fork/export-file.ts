import { canonicalJson, type Hex, type Json, jsonDigest, WitanError } from '@witan/protocol'
import { z } from '@witan/runtime'
import { addressSchema } from '../network/schemas.js'

export const EXPORT_FORMAT = 'witan fork export 1'

/** Wei in decimal digits: JSON numbers lose them. */
const wei = z
  .string()
  .regex(/^\d{1,40}$/)
  .transform(BigInt)
const digest = z
  .string()
  .regex(/^0x[0-9a-f]{64}$/)
  .transform((text) => text as Hex)
const count = z.int().nonnegative()

const holderSchema = z.strictObject({
  account: addressSchema,
  /** Free tokens by where they were: balance, earned, channels, revenue, dataSets, locks, bonds. */
  liquid: z.record(z.string(), wei),
  unbonding: wei,
  staked: z.array(z.strictObject({ node: count, amount: wei })),
})

const nodeSchema = z.strictObject({
  node: count,
  owner: addressSchema,
  operator: addressSchema,
  takeBps: count,
  stake: wei,
})

const subnetSchema = z.strictObject({
  subnet: count,
  owner: addressSchema,
  name: z.string(),
  mechanism: digest,
  membership: count,
  members: z.array(addressSchema),
  listed: z.boolean(),
  closed: z.boolean(),
  policy: digest,
  modelVersions: z.array(digest),
  /** Amounts in wei, as decimal digits. */
  parameters: z.record(z.string(), z.union([z.int(), z.boolean(), z.string()])),
})

const modelVersionSchema = z.strictObject({
  manifest: digest,
  weights: digest,
  evaluation: digest,
  licence: digest,
  trainingRoot: digest,
  parent: count,
  retired: z.boolean(),
  trainedOn: z.array(z.strictObject({ dataSet: count, version: count, root: digest })),
})

const modelSchema = z.strictObject({
  model: count,
  owner: addressSchema,
  name: z.string(),
  subnet: count,
  forkBps: count,
  parent: z.strictObject({ model: count, version: count, bps: count }),
  live: count,
  previous: count,
  policy: digest,
  versions: z.array(modelVersionSchema),
})

const dataSetVersionSchema = z.strictObject({
  root: digest,
  manifest: digest,
  contributorsRoot: digest,
  licence: digest,
  records: count,
  parent: count,
  edition: count,
})

const dataSetSchema = z.strictObject({
  dataSet: count,
  owner: addressSchema,
  name: z.string(),
  listed: z.boolean(),
  curators: z.array(addressSchema),
  terms: z.strictObject({ price: wei, flagBond: wei, flagReward: wei, contributorsBps: count }),
  versions: z.array(dataSetVersionSchema),
})

const scalar = z.union([z.int(), z.boolean(), z.string()])
const termsSchema = z
  .record(z.string(), z.union([scalar, z.array(scalar), z.record(z.string(), scalar)]))
  .refine(({ governance }) => isGroup(governance), { path: ['governance'], error: 'not a group of terms' })
  .refine(({ members }) => members === undefined || addressSchema.array().safeParse(members).success, {
    path: ['members'],
    error: 'not a list of addresses',
  })

const isGroup = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value)

const bodySchema = z.strictObject({
  format: z.literal(EXPORT_FORMAT),
  source: z.strictObject({
    chainId: z.int().positive(),
    genesisHash: digest,
    block: count,
    blockHash: digest,
    /** Unix seconds. */
    time: count,
    contracts: z.record(z.string(), addressSchema),
  }),
  supply: z.strictObject({
    /** The token's supply. */
    issued: wei,
    /** Emission that was earned and not yet minted. */
    unclaimed: wei,
    /** Stake that slashes have taken and that no call has burned yet: it goes with the old network. */
    forfeited: wei,
    /** What the timelock and the contracts held for nobody: the treasury's. */
    treasury: wei,
  }),
  holders: z.array(holderSchema),
  nodes: z.array(nodeSchema),
  subnets: z.array(subnetSchema),
  models: z.array(modelSchema),
  dataSets: z.array(dataSetSchema),
  /** As a deploy file has them. */
  terms: termsSchema,
})

/** The state of a network at a block, as a fork takes it over. */
export type ForkExport = z.output<typeof bodySchema>
export type ForkHolder = ForkExport['holders'][number]
export type ForkTerms = ForkExport['terms']

/** Canonical JSON: the same state gives the same bytes. */
export function exportText(body: ForkExport): string {
  const json = toJson(body)
  return `${canonicalJson({ ...(json as Record<string, Json>), digest: jsonDigest(json) })}\n`
}

export function exportDigest(body: ForkExport): Hex {
  return jsonDigest(toJson(body))
}

/**
 * Checks form, order, digest and sums of what was read from a file. Throws `FORK_EXPORT_INVALID`, `JSON_NOT_CANONICAL` or
 * `FORK_SUMS_DIFFER`.
 */
export function parseExport(content: unknown): ForkExport {
  const parsed = bodySchema.extend({ digest }).safeParse(content)
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!
    throw invalid({ at: path.join('.'), reason: message })
  }
  const { digest: told, ...body } = parsed.data
  checkOrders(body)
  const computed = exportDigest(body)
  if (computed !== told) throw invalid({ reason: 'its digest is that of other content', told, computed })
  checkSums(body)
  return body
}

/** Whoever or whatever is named twice could be claimed or adopted as either, and left out as one. */
function checkOrders({ holders, nodes, subnets, models, dataSets }: ForkExport): void {
  checkOrder('holders', holders, ({ account }) => account)
  for (const { account, staked } of holders) checkOrder(`holders.${account}.staked`, staked, ({ node }) => node)
  checkOrder('nodes', nodes, ({ node }) => node)
  checkOrder('subnets', subnets, ({ subnet }) => subnet)
  checkOrder('models', models, ({ model }) => model)
  checkOrder('dataSets', dataSets, ({ dataSet }) => dataSet)
}

function checkOrder<Item>(at: string, items: readonly Item[], keyOf: (item: Item) => string | number): void {
  const place = items.findIndex((item, index) => index > 0 && keyOf(items[index - 1]!) >= keyOf(item))
  if (place < 0) return
  throw invalid({ at, reason: 'not in ascending order, each once', value: String(keyOf(items[place]!)) })
}

/** Everything of a holder, wei. */
export function claimOf({ liquid, unbonding, staked }: ForkHolder): { liquid: bigint; staked: bigint } {
  return {
    liquid: sum(Object.values(liquid)),
    staked: unbonding + sum(staked.map(({ amount }) => amount)),
  }
}

/** What is exported is what there was, to the wei. Throws `FORK_SUMS_DIFFER`. */
export function checkSums({ holders, supply }: Pick<ForkExport, 'holders' | 'supply'>): void {
  const held = sum(holders.map(claimOf).map(({ liquid, staked }) => liquid + staked))
  const exported = held + supply.treasury + supply.forfeited
  const total = supply.issued + supply.unclaimed
  if (exported === total) return
  throw new WitanError('FORK_SUMS_DIFFER', 'The parts of an export are not its supply', { facts: { exported, total } })
}

export const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n)

export function invalid(facts: Record<string, string | bigint>): WitanError {
  return new WitanError('FORK_EXPORT_INVALID', 'The export of a network is not whole', { facts })
}

/** Amounts as decimal digits. */
export function toJson(value: unknown): Json {
  if (typeof value === 'bigint') return value.toString()
  if (Array.isArray(value)) return value.map(toJson)
  if (typeof value !== 'object' || value === null) return value as Json
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toJson(item)]))
}
