import { createHash } from 'node:crypto'
import { canonicalJson } from '@witan/protocol'
import type { Digest, ModelManifest } from './manifest.js'

/**
 * The model version: SHA-256 of the canonical JSON of everything that decides an answer. Names, descriptions and
 * sources are left out, so moving a file or renaming a model does not make another version.
 */
export function modelVersion(manifest: ModelManifest): Digest {
  const { task, runtime, inputs, outputs, tolerance, licence } = manifest
  const files = manifest.files.map(({ path, sha256, bytes }) => ({ path, sha256, bytes }))
  const { absolute, relative } = tolerance
  return sha256(canonicalJson({ task, files, runtime, inputs, outputs, tolerance: { absolute, relative }, licence }))
}

export function sha256(bytes: string | Uint8Array): Digest {
  return `0x${createHash('sha256').update(bytes).digest('hex')}`
}
