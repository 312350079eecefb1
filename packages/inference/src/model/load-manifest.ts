import { readdir, readFile, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { isWitanError, WitanError } from '@witan/protocol'
import { MAX_MANIFEST_BYTES } from '../limits.js'
import type { LocatedManifest } from './manifest.js'
import { modelVersion } from './model-version.js'
import { parseManifest } from './parse-manifest.js'

/** @throws WitanError MANIFEST_INVALID when the file cannot be read or does not follow the format */
export async function loadManifest(path: string): Promise<LocatedManifest> {
  const absolute = resolve(path)
  const manifest = parseManifest(await readText(absolute), absolute)
  return { manifest, version: modelVersion(manifest), path: absolute }
}

export interface ListedManifests {
  /** In order of folder and file name. */
  readonly manifests: readonly LocatedManifest[]
  /** `MANIFEST_INVALID` for each file that is none. */
  readonly broken: readonly WitanError[]
}

/** Every manifest (`*.json`) of the folders: a broken one hides no other. Folders that do not exist are skipped. */
export async function listManifests(folders: readonly string[]): Promise<ListedManifests> {
  const manifests: LocatedManifest[] = []
  const broken: WitanError[] = []
  for (const folder of folders) {
    for (const name of await jsonFiles(folder)) {
      try {
        manifests.push(await loadManifest(join(folder, name)))
      } catch (error) {
        if (!isWitanError(error)) throw error
        broken.push(error)
      }
    }
  }
  return { manifests, broken }
}

/**
 * The manifest with this name or version (0x…); the first folder wins.
 * @throws WitanError MODEL_UNKNOWN naming the models that exist, or MANIFEST_INVALID when it may be in a broken file
 */
export async function findManifest(nameOrVersion: string, folders: readonly string[]): Promise<LocatedManifest> {
  const { manifests: known, broken } = await listManifests(folders)
  const wanted = nameOrVersion.toLowerCase()
  const match = known.find(({ manifest, version }) => manifest.name === wanted || version === wanted)
  if (match !== undefined) return match
  if (broken[0] !== undefined) throw broken[0]
  throw new WitanError('MODEL_UNKNOWN', 'No manifest describes this model', {
    facts: {
      model: nameOrVersion,
      known: known.map(({ manifest }) => manifest.name).join(', ') || 'none',
      folders: folders.join(', ') || 'none',
    },
  })
}

async function readText(path: string): Promise<string> {
  try {
    const { size } = await stat(path)
    if (size > MAX_MANIFEST_BYTES) throw new RangeError(`${size} bytes; at most ${MAX_MANIFEST_BYTES}`)
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new WitanError('MANIFEST_INVALID', 'The manifest cannot be read', {
      facts: { manifest: path, reason: (cause as Error).message },
      cause,
    })
  }
}

async function jsonFiles(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => name.endsWith('.json')).sort()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
