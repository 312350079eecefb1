import { WitanError } from '@witan/protocol'
import { fileWithSuffix } from '../../model/verified-model.js'
import type { DeviceDescription, Engine, ProviderReport } from '../engine.js'
import { processorName } from './device.js'
import { createOnnxModel } from './onnx-model.js'
import { importOnnxRuntime, type OnnxRuntime, onnxRuntimeVersion } from './onnx-runtime.js'
import { firstLine, probeProviders } from './providers.js'
import { type GraphOptimization, sessionOptions } from './session-options.js'

export interface OnnxEngineOptions {
  /** Execution provider of ONNX Runtime: `cpu` (default), `webgpu`, `cuda`, … Never replaced by another silently. */
  readonly provider?: string
  /** Another level than `all` (default) is another runtime class: for calibrating the tolerance of a manifest. */
  readonly optimization?: GraphOptimization
}

/**
 * ONNX Runtime behind the engine interface. Runs block the thread they are started on: a process that serves others
 * uses `createTaskPool`, which has one engine a process.
 * @throws WitanError ENGINE_PROVIDER_MISSING naming the providers that can be used
 */
export async function createOnnxEngine(options: OnnxEngineOptions = {}): Promise<Engine> {
  const { provider = 'cpu', optimization = 'all' } = options
  const runtime = await importOnnxRuntime()
  if (provider !== 'cpu') await requireProvider(runtime, provider)
  const version = onnxRuntimeVersion(runtime)
  const device: DeviceDescription = {
    engine: 'onnxruntime',
    version,
    provider,
    device: provider === 'cpu' ? processorName() : provider,
    precision: 'float32',
  }
  return {
    runtime: `onnxruntime-${version}/${provider}/${optimization}`,
    devices: () => probeProviders(runtime),
    load: async (model) => {
      const graph = fileWithSuffix(model, '.onnx')
      const session = await runtime.InferenceSession.create(graph, sessionOptions(provider, optimization)).catch(
        (cause) => {
          throw new WitanError('ENGINE_LOAD_FAILED', 'ONNX Runtime could not load the model', {
            facts: { model: model.manifest.name, engine: `onnxruntime ${version}`, reason: firstLine(cause) },
            cause,
          })
        },
      )
      return createOnnxModel(runtime, session, device)
    },
  }
}

/** What `describe` and `doctor` report without loading a model. */
export async function probeDevices(): Promise<readonly ProviderReport[]> {
  return probeProviders(await importOnnxRuntime())
}

async function requireProvider(runtime: typeof OnnxRuntime, provider: string): Promise<void> {
  const reports = await probeProviders(runtime)
  const report = reports.find((candidate) => candidate.provider === provider)
  if (report?.usable === true) return
  throw new WitanError('ENGINE_PROVIDER_MISSING', 'The execution provider cannot be used here', {
    facts: {
      provider,
      available: reports
        .filter(({ usable }) => usable)
        .map((usable) => usable.provider)
        .join(', '),
      reason: report?.reason ?? 'this build of ONNX Runtime does not have it',
    },
  })
}
