import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { CommandContext } from '../command/context.js'

/** Manifests: the operator's own folder first, then those that come with the program. */
export function modelFolders({ env, directory }: CommandContext): string[] {
  const shipped = fileURLToPath(new URL('../../../configs/models', import.meta.url))
  const checkout = fileURLToPath(new URL('../../../../../configs/models', import.meta.url))
  const own = env.WITAN_MODELS
  return [...(own === undefined || own === '' ? [] : [resolve(directory, own)]), checkout, shipped]
}
