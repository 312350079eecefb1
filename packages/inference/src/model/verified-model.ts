import { open } from 'node:fs/promises'
import { WitanError } from '@witan/protocol'
import type { Digest, LocatedManifest, ModelFile, ModelManifest } from './manifest.js'
import { sha256 } from './model-version.js'
import { resolveSource } from './resolve-source.js'

declare const verified: unique symbol

/**
 * A model whose bytes are in memory and were hashed there: what an engine loads is what was checked, whatever happens
 * to the files meanwhile. Only `verifyModel` makes one.
 */
export interface VerifiedModel {
  readonly [verified]: true
  readonly manifest: ModelManifest
  readonly version: Digest
  /** Content by the path that the manifest gives. */
  readonly files: ReadonlyMap<string, Uint8Array>
  /** True after `transformModel`: the bytes are no longer those of the version. */
  readonly altered: boolean
}

/**
 * Reads every file of the model once and checks its size and digest.
 * @throws WitanError MODEL_FILE_MISSING, MODEL_DIGEST_MISMATCH
 */
export async function verifyModel({ manifest, version, path }: LocatedManifest): Promise<VerifiedModel> {
  const files = new Map<string, Uint8Array>()
  for (const file of manifest.files) files.set(file.path, await readVerified(file, resolveSource(file.source, path)))
  const checked: Omit<VerifiedModel, typeof verified> = { manifest, version, files, altered: false }
  return checked as VerifiedModel
}

/**
 * The same model with other bytes under the same version: a lie. It exists for the cheating behaviours of a local
 * network, which must be caught; nothing else may call it.
 */
export function transformModel(
  model: VerifiedModel,
  transform: (path: string, bytes: Uint8Array) => Uint8Array,
): VerifiedModel {
  const files = new Map([...model.files].map(([path, bytes]) => [path, transform(path, bytes)]))
  return { ...model, files, altered: true }
}

/** The only file whose name ends so, e.g. the graph of an ONNX model. */
export function fileWithSuffix(model: VerifiedModel, suffix: string): Uint8Array {
  const matches = [...model.files].filter(([path]) => path.endsWith(suffix))
  if (matches.length === 1) return matches[0]![1]
  throw new WitanError('MANIFEST_INVALID', 'The model must have exactly one file of this kind', {
    facts: { model: model.manifest.name, suffix, found: matches.length },
  })
}

async function readVerified(file: ModelFile, path: string): Promise<Uint8Array> {
  const bytes = await readBounded(path, file)
  const actual = sha256(bytes)
  if (actual === file.sha256) return bytes
  throw new WitanError('MODEL_DIGEST_MISMATCH', 'A file of the model has another digest than its manifest', {
    facts: { file: file.path, expected: file.sha256, actual, path },
  })
}

/** Reads exactly the declared number of bytes, never more, whatever the file grew to. */
async function readBounded(path: string, file: ModelFile): Promise<Uint8Array> {
  const handle = await open(path, 'r').catch((cause) => {
    throw new WitanError('MODEL_FILE_MISSING', 'A file of the model cannot be opened', {
      facts: { file: file.path, path, reason: (cause as NodeJS.ErrnoException).code ?? String(cause) },
      cause,
    })
  })
  try {
    const { size } = await handle.stat()
    if (size !== file.bytes) {
      throw new WitanError('MODEL_DIGEST_MISMATCH', 'A file of the model has another size than its manifest', {
        facts: { file: file.path, expected: file.bytes, actual: size, path },
      })
    }
    const bytes = new Uint8Array(file.bytes)
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0)
    return bytes.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}
