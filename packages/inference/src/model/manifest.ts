import type { Json } from '@witan/protocol'
import type { Tolerance } from '../tensor/tolerance.js'

/** A SHA-256 digest in lower-case hexadecimal with 0x. */
export type Digest = `0x${string}`

export interface ModelFile {
  /** Name of the file inside the model. */
  readonly path: string
  readonly sha256: Digest
  readonly bytes: number
  /** `npm:package@version/path` or `file:path` (relative to the manifest). Does not change the version. */
  readonly source: string
}

/** What a model is: everything that decides its answers, and where to get it. */
export interface ModelManifest {
  readonly name: string
  readonly description: string
  readonly task: string
  readonly files: readonly ModelFile[]
  /** Class of engine, provider and optimisation in which the answers are exact, e.g. `onnxruntime-1.30.0/cpu/all`. */
  readonly runtime: string
  /** What the task takes and how it becomes tensors; its meaning belongs to the task. */
  readonly inputs: Json
  /** What the engine returns and how it becomes the answer; its meaning belongs to the task. */
  readonly outputs: Json
  /** How far answers of another runtime class may be from those of `runtime`. */
  readonly tolerance: Tolerance
  /** SPDX expression. */
  readonly licence: string
}

/** A manifest as found on disk. */
export interface LocatedManifest {
  readonly manifest: ModelManifest
  readonly version: Digest
  /** Absolute path of the manifest; `file:` sources start from its folder. */
  readonly path: string
}
