import { findManifest, type ObtainModel, type VerifiedModel, verifyModel } from '@witan/inference'
import { type Hex, isWitanError } from '@witan/protocol'
import type { CommandContext } from '../command/context.js'
import { cacheFolders } from '../content/obtain-content.js'
import { modelFolders, policyFolders } from '../settings/models.js'
import { type Folders, type Sources, sourcesIn } from './obtain.js'

/** The options of both roles that name models and policies. */
interface ModelConfig {
  readonly dataDir: string
  readonly model: string
  readonly modelId: number
  readonly modelFolders: readonly string[]
  readonly policyFolders: readonly string[]
}

export interface NodeModels extends Sources {
  /** The model of the registry that the node follows; 0: it works with its own version only. */
  readonly modelId: bigint
  /** The version that the configuration names; undefined when a follower does not have it. */
  readonly modelVersion: Hex | undefined
  /** What came from other nodes among them. */
  readonly folders: Folders
}

/** What a node works with. A version that it is to keep to is verified at once, so that a mistake is told before anything starts. */
export async function openModels(
  { model, modelId, ...config }: ModelConfig,
  path: (relative: string) => string,
  context: CommandContext,
): Promise<NodeModels> {
  const cache = cacheFolders(path(config.dataDir))
  const models = [...config.modelFolders.map(path), ...modelFolders(context)]
  const policies = [...config.policyFolders.map(path), ...policyFolders(context, models)]
  const folders = { models: [...models, cache.models], policies: [...policies, cache.policies] }
  const sources = sourcesIn(folders)
  if (modelId === 0) {
    const fixed = await verifyModel(await findManifest(model, models))
    const { obtainModel, obtainPolicy } = sources
    return {
      folders,
      modelId: 0n,
      modelVersion: fixed.version,
      obtainModel: withFixed(fixed, obtainModel),
      obtainPolicy,
    }
  }
  const located = await findManifest(model, models).catch((error) => {
    if (isWitanError(error, 'MODEL_UNKNOWN')) return undefined
    throw error
  })
  return { ...sources, folders, modelId: BigInt(modelId), modelVersion: located?.version }
}

function withFixed(fixed: VerifiedModel, obtainModel: ObtainModel): ObtainModel {
  return async (version, signal) => (version === fixed.version ? fixed : obtainModel(version, signal))
}
