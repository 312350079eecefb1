import type { Hex } from '@witan/protocol'
import { readLatestBlock } from '../blocks/block.js'
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
/** Versions that a subnet may have: as many as a node can describe. */
const MAX_VERSIONS = 64

type Registries = Pick<Contracts, 'models' | 'subnets'>
type Block = { readonly number: number; readonly timestamp: number }

/** Reads what counts. Anybody may make models: only those that the DAO ever made live are looked at. */
export function readAccepted({ models, subnets }: Registries, rpc: Rpc) {
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

  const ownVersions = async (netuid: number, policy: Hex, block: number): Promise<AcceptedVersion[]> => {
    const manifests = await subnets.read('modelVersions', [netuid], { block })
    return manifests.map((manifest) => {
      return { modelId: 0n, number: 0, manifest, policy, graceEndsAt: undefined, replaced: undefined }
    })
  }

  return async (netuid: number, signal?: AbortSignal): Promise<Acceptance> => {
    const block = await readLatestBlock(rpc, { signal })
    const at = { block: block.number, signal }
    const [modelIds, subnetPolicy, gracePeriod] = await Promise.all([
      models.read('activatedIn', [netuid], at),
      models.read('subnetPolicy', [netuid], at),
      models.read('gracePeriod', [], at),
    ])
    const registered: AcceptedVersion[] = []
    for (let start = 0; start < modelIds.length && registered.length < MAX_VERSIONS; start += PAGE) {
      const page = modelIds.slice(start, start + PAGE)
      registered.push(...(await Promise.all(page.map((id) => versionsOf(id, block)))).flat())
    }
    const versions = registered.length > 0 ? registered : await ownVersions(netuid, subnetPolicy, block.number)
    return { versions: versions.slice(0, MAX_VERSIONS), subnetPolicy, gracePeriod, timestamp: block.timestamp }
  }
}
