import type { Hex } from '@witan/protocol'
import { eventTopic } from '../abi/events.js'
import { readLatestBlock } from '../blocks/block.js'
import { queryEventPages } from '../events/query-events.js'
import type { Contracts } from '../network/contracts.js'
import type { Rpc } from '../rpc/rpc.js'

/** A model version whose answers count. */
export interface AcceptedVersion {
  /** The model as the registry numbers it; 0: the subnet names the version itself. */
  readonly modelId: bigint
  /** Of the version within its model; 0: the subnet names it itself. */
  readonly number: number
  /** The digest that nodes know the version by. */
  readonly manifest: Hex
  /** Digest of the policy that its answers follow; zero without one. */
  readonly policy: Hex
  /** Unix seconds from which it counts no more; undefined for the live version. */
  readonly graceEndsAt: number | undefined
  /** Of a live version: the one before it, whether or not that still counts. */
  readonly replaced: Hex | undefined
}

/** What counts in a subnet at a block. */
export interface Acceptance {
  /** Live versions first, each followed by the one it replaced while that has grace. */
  readonly versions: readonly AcceptedVersion[]
  /** Digest of the policy for whatever has none of its own; zero without one. */
  readonly subnetPolicy: Hex
  /** Seconds for which what a decision replaced still counts. */
  readonly gracePeriod: number
  /** Timestamp of the block, unix seconds. */
  readonly timestamp: number
}

/** Models read at a time. */
const PAGE = 256
/** Blocks whose activations are read again: they may have been replaced, or an endpoint may be late. */
const REREAD_BLOCKS = 64
/** Versions that a subnet may have: as many as a node can describe. */
const MAX_VERSIONS = 64

type Registries = Pick<Contracts, 'models' | 'subnets'>
type Block = { readonly number: number; readonly timestamp: number }

/**
 * Reads what counts. Anybody may make models, so each is looked at once; after that only those of the subnet that was
 * asked for which have a live version, or of which one was activated since.
 */
export function readAccepted(contracts: Registries, rpc: Rpc) {
  const { models, subnets } = contracts
  /** By subnet, ascending; `known` models were looked at. */
  const modelsOf = new Map<number, bigint[]>()
  let known = 0n
  /** By subnet: models that had no live version at a block. */
  const restingOf = new Map<number, { readonly ids: ReadonlySet<bigint>; readonly block: number }>()

  const learnModels = async (count: bigint, block: number) => {
    while (known < count) {
      const first = known + 1n
      const length = Math.min(Number(count - known), PAGE)
      const ids = Array.from({ length }, (_, index) => first + BigInt(index))
      const page = await Promise.all(ids.map((id) => models.read('model', [id], { block })))
      // Another read may have learnt them meanwhile.
      if (known >= first) continue
      page.forEach(({ netuid }, index) => {
        modelsOf.set(netuid, [...(modelsOf.get(netuid) ?? []), ids[index]!])
      })
      known += BigInt(length)
    }
  }

  const versionsOf = async (modelId: bigint, { number: block, timestamp }: Block): Promise<AcceptedVersion[]> => {
    const { live, previous, graceEndsAt } = await models.read('model', [modelId], { block })
    if (live === 0) return []
    const manifestOf = async (number: number) => (await models.read('version', [modelId, number], { block })).manifest
    const [policy, manifest, replaced] = await Promise.all([
      models.read('policyOf', [modelId], { block }),
      manifestOf(live),
      previous === 0 ? undefined : manifestOf(previous),
    ])
    const isLive: AcceptedVersion = { modelId, number: live, manifest, policy, graceEndsAt: undefined, replaced }
    if (replaced === undefined || timestamp >= graceEndsAt) return [isLive]
    return [isLive, { modelId, number: previous, manifest: replaced, policy, graceEndsAt, replaced: undefined }]
  }

  const activatedIn = async (fromBlock: number, latest: number, signal?: AbortSignal): Promise<Set<bigint>> => {
    const contracts = new Map([[models.address, 'ModelRegistry' as const]])
    const filter = { contracts, topics: [eventTopic('ModelRegistry', 'VersionActivated')] }
    const activated = new Set<bigint>()
    for await (const events of queryEventPages(rpc, filter, fromBlock, latest, { signal })) {
      for (const event of events) if (event.name === 'VersionActivated') activated.add(event.args.modelId)
    }
    return activated
  }

  /** Those that were at rest and still are. */
  const stillResting = async (netuid: number, latest: number, signal?: AbortSignal): Promise<Set<bigint>> => {
    const resting = restingOf.get(netuid)
    if (resting === undefined || resting.ids.size === 0) return new Set()
    const activated = await activatedIn(Math.max(0, resting.block - REREAD_BLOCKS), latest, signal)
    return new Set([...resting.ids].filter((id) => !activated.has(id)))
  }

  const ownVersions = async (netuid: number, policy: Hex, block: number): Promise<AcceptedVersion[]> => {
    const manifests = await subnets.read('modelVersions', [netuid], { block })
    return manifests.map((manifest) => {
      return { modelId: 0n, number: 0, manifest, policy, graceEndsAt: undefined, replaced: undefined }
    })
  }

  return async (netuid: number, signal?: AbortSignal): Promise<Acceptance> => {
    const block = await readLatestBlock(rpc, { signal })
    const at = { block: block.number, signal }
    const [count, subnetPolicy, gracePeriod] = await Promise.all([
      models.read('modelCount', [], at),
      models.read('subnetPolicy', [netuid], at),
      models.read('gracePeriod', [], at),
    ])
    await learnModels(count, block.number)
    const registered: AcceptedVersion[] = []
    const resting = await stillResting(netuid, block.number, signal)
    const ids = (modelsOf.get(netuid) ?? []).filter((id) => !resting.has(id))
    for (let start = 0; start < ids.length && registered.length < MAX_VERSIONS; start += PAGE) {
      const page = ids.slice(start, start + PAGE)
      const found = await Promise.all(page.map((id) => versionsOf(id, block)))
      for (const [index, versions] of found.entries()) if (versions.length === 0) resting.add(page[index]!)
      registered.push(...found.flat())
    }
    restingOf.set(netuid, { ids: resting, block: block.number })
    const versions = registered.length > 0 ? registered : await ownVersions(netuid, subnetPolicy, block.number)
    return { versions: versions.slice(0, MAX_VERSIONS), subnetPolicy, gracePeriod, timestamp: block.timestamp }
  }
}
