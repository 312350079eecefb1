import type { Digest, ModelManifest } from './manifest.js'
import { sha256 } from './model-version.js'

/** SHA-256 of the model's files listed as sha256sum prints them, ascending by path: the same weights have one digest. */
export function weightsDigest({ files }: Pick<ModelManifest, 'files'>): Digest {
  const lines = files.map(({ path, sha256: digest }) => [path, `${digest.slice(2)}  ${path}\n`] as const)
  return sha256(
    lines
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, line]) => line)
      .join(''),
  )
}
