import type { AcceptedVersion, ChainClient } from '@witan/chain'
import { findManifest, type ModelManifest } from '@witan/inference'
import { type Hex, isWitanError, WitanError } from '@witan/protocol'
import type { CommandContext } from '../command/context.js'
import { usageError } from '../command/option.js'
import { modelFolders } from './models.js'

/** How a command names a model. */
export interface ModelChoice {
  /** Name or version of a manifest. */
  readonly model: string | undefined
  /** Number in the registry: its live version. */
  readonly modelId: bigint | undefined
}

/** A version that is asked, and where its answers count. */
export interface AskedModel {
  readonly netuid: number
  readonly version: Hex
  /** Digest of the policy that the answer follows; zero without one. */
  readonly policy: Hex
  /** Undefined when no folder has it. */
  readonly manifest: ModelManifest | undefined
}

/** Looks up what was named. Throws `MODEL_UNKNOWN` or `MODEL_NOT_REGISTERED`. */
export async function findAskedModel(
  { model, modelId }: ModelChoice,
  openClient: () => Promise<ChainClient>,
  context: CommandContext,
): Promise<AskedModel & { readonly client: ChainClient }> {
  const folders = modelFolders(context)
  if ((model === undefined) === (modelId === undefined)) throw usageError('Give one of --model and --model-id')
  if (model !== undefined) {
    const { manifest, version } = await findManifest(model, folders)
    const client = await openClient()
    const { netuid, accepted } = await findVersion(client, version)
    return { client, netuid, version, policy: accepted.policy, manifest }
  }
  const client = await openClient()
  const { netuid } = await client.models.model(modelId!)
  const { versions } = await client.models.acceptedOn(netuid)
  const live = versions.find((version) => version.modelId === modelId && version.graceEndsAt === undefined)
  if (live === undefined) {
    throw new WitanError('MODEL_NOT_REGISTERED', 'The model has no live version', { facts: { modelId: modelId! } })
  }
  const { manifest: version, policy } = live
  const located = await findManifest(version, folders).catch((error) => {
    if (isWitanError(error, 'MODEL_UNKNOWN')) return undefined
    throw error
  })
  return { client, netuid, version, policy, manifest: located?.manifest }
}

/** The subnet in which answers of the version count. */
async function findVersion(client: ChainClient, version: Hex): Promise<{ netuid: number; accepted: AcceptedVersion }> {
  const [activated, count] = await Promise.all([client.models.ofManifest(version), client.subnets.count()])
  const first = activated === undefined ? [] : [(await client.models.model(activated.modelId)).netuid]
  for (const netuid of first) {
    const accepted = await acceptedIn(client, netuid, version)
    if (accepted !== undefined) return { netuid, accepted }
  }
  for (let netuid = 1; netuid <= count; netuid++) {
    const { modelVersions } = await client.subnets.subnet(netuid)
    const accepted = modelVersions.includes(version) ? await acceptedIn(client, netuid, version) : undefined
    if (accepted !== undefined) return { netuid, accepted }
  }
  throw new WitanError('MODEL_NOT_REGISTERED', 'Answers of this model version count in no subnet', {
    facts: { modelVersion: version, subnets: count },
  })
}

async function acceptedIn(client: ChainClient, netuid: number, version: Hex): Promise<AcceptedVersion | undefined> {
  const { versions } = await client.models.acceptedOn(netuid)
  return versions.find(({ manifest }) => manifest === version)
}
