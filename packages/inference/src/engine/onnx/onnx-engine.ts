import { WitanError } from '@witan/protocol'
import { fileWithSuffix } from '../../model/verified-model.js'
import type { DeviceDescription, Engine } from '../engine.js'
import { processorName } from './device.js'
import { createOnnxModel } from './onnx-model.js'
import { importOnnxRuntime, type OnnxRuntime, onnxRuntimeVersion } from './onnx-runtime.js'
import { firstLine, probeProviders } from './providers.js'
import { GRAPH_OPTIMIZATION, sessionOptions } from './session-options.js'

export interface OnnxEngineOptions {
  /** Execution provider of ONNX Runtime: `cpu` (default), `webgpu`, `cuda`, … Never replaced by another silently. */
  readonly provider?: string
}

/**
 * ONNX Runtime behind the engine interface. Runs block the thread they are started on: a process that serves others
 * uses `createTaskPool`, which has one engine a thread.
 * @throws WitanError ENGINE_PROVIDER_MISSING naming the providers that can be used
 */
export async function createOnnxEngine({ provider = 'cpu' }: OnnxEngineOptions = {}): Promise<Engine> {
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
    runtime: `onnxruntime-${version}/${provider}/${GRAPH_OPTIMIZATION}`,
    devices: () => probeProviders(runtime),
    load: async (model) => {
      const graph = fileWithSuffix(model, '.onnx')
      const session = await runtime.InferenceSession.create(graph, sessionOptions(provider)).catch((cause) => {
        throw new WitanError('ENGINE_LOAD_FAILED', 'ONNX Runtime could not load the model', {
          facts: { model: model.manifest.name, engine: `onnxruntime ${version}`, reason: firstLine(cause) },
          cause,
        })
      })
      return createOnnxModel(runtime, session, device)
    },
  }
}

async function requireProvider(runtime: typeof OnnxRuntime, provider: string): Promise<void> {
  const reports = await probeProviders(runtime)
  const report = reports.find((candidate) => candidate.provider === provider)
  if (report?.usable === true) return
  throw new WitanError('ENGINE_PROVIDER_MISSING', 'The execution provider cannot be used here', {
    facts: {
      provider,
      available: reports.filter(({ usable }) => usable).map((usable) => usable.provider).join(', '),
      reason: report?.reason ?? 'this build of ONNX Runtime does not have it',
    },
  })
}
