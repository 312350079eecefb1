import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { CommandContext } from '../command/context.js'

/** Manifests: the operator's own folder first, then those that come with the program. */
export function modelFolders({ env, directory }: CommandContext): string[] {
  const shipped = fileURLToPath(new URL('../../../configs/models', import.meta.url))
  const checkout = fileURLToPath(new URL('../../../../../configs/models', import.meta.url))
  const own = env.WITAN_MODELS
  return [...(own === undefined || own === '' ? [] : [resolve(directory, own)]), checkout, shipped]
}

/** Policies: the operator's own folder first, then `policies` in each folder of manifests. */
export function policyFolders({ env, directory }: CommandContext, ofManifests: readonly string[]): string[] {
  const own = env.WITAN_POLICIES
  const beside = ofManifests.map((folder) => join(folder, 'policies'))
  return [...(own === undefined || own === '' ? [] : [resolve(directory, own)]), ...beside]
}
