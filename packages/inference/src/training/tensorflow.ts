import util from 'node:util'
import type * as TensorFlow from '@tensorflow/tfjs'
import { WitanError } from '@witan/protocol'

export type { TensorFlow }

export interface LoadedTensorFlow {
  readonly tf: typeof TensorFlow
  /** `tfjs-4.22.0/wasm`, or `tfjs-4.22.0/tensorflow` for the native library. */
  readonly backend: string
}

let loading: Promise<LoadedTensorFlow> | undefined

/**
 * Loads TensorFlow.js on first use: with its native library where that is installed and loads, on WebAssembly
 * otherwise.
 * @throws WitanError ENGINE_PROVIDER_MISSING
 */
export function loadTensorFlow(): Promise<LoadedTensorFlow> {
  loading ??= load()
  return loading
}

async function load(): Promise<LoadedTensorFlow> {
  const tf = (await importNative()) ?? (await importWasm())
  await tf.ready()
  return { tf, backend: `tfjs-${tf.version_core}/${tf.getBackend()}` }
}

/** A name that the compiler does not follow: the package is optional, and its types are those of `@tensorflow/tfjs`. */
const NATIVE_PACKAGE: string = '@tensorflow/tfjs-node-gpu'

async function importNative(): Promise<typeof TensorFlow | undefined> {
  // The package calls a function that Node 23 removed (tensorflow/tfjs#8609).
  const legacy = util as { isNullOrUndefined?: (value: unknown) => boolean }
  legacy.isNullOrUndefined ??= (value) => value === null || value === undefined
  try {
    const native: { default: typeof TensorFlow } = await import(NATIVE_PACKAGE)
    return native.default
  } catch {
    // Not installed, or without its library: the backend that was used is in every report.
    return undefined
  }
}

async function importWasm(): Promise<typeof TensorFlow> {
  const tf = await import('@tensorflow/tfjs')
  await import('@tensorflow/tfjs-backend-wasm')
  if (await tf.setBackend('wasm')) return tf
  throw new WitanError('ENGINE_PROVIDER_MISSING', 'TensorFlow.js cannot run its WebAssembly backend here', {
    facts: { provider: 'wasm', available: tf.engine().backendNames().join(', ') },
  })
}
