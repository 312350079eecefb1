import { WitanError } from '@witan/protocol'
import { createTensor, isDType, type Tensor } from '../../tensor/tensor.js'
import type { DeviceDescription, LoadedModel } from '../engine.js'
import { checkInputs } from './check-inputs.js'
import type { OnnxRuntime } from './onnx-runtime.js'
import { firstLine } from './providers.js'
import { RUN_OPTIONS } from './session-options.js'

export function createOnnxModel(
  runtime: typeof OnnxRuntime,
  session: OnnxRuntime.InferenceSession,
  device: DeviceDescription,
): LoadedModel {
  let released: Promise<void> | undefined
  return {
    device,
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    run: async (inputs, signal) => {
      signal?.throwIfAborted()
      checkInputs(session.inputMetadata, inputs)
      const feeds = Object.fromEntries(
        Object.entries(inputs).map(([name, { dtype, dims, data }]) => [name, new runtime.Tensor(dtype, data, dims)]),
      )
      const outputs = await session.run(feeds, RUN_OPTIONS).catch((cause) => {
        throw new WitanError('ENGINE_RUN_FAILED', 'The model failed while running', {
          facts: { engine: `${device.engine} ${device.version}`, reason: firstLine(cause) },
          cause,
        })
      })
      return Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, fromOnnx(name, value)]))
    },
    dispose: () => {
      released ??= session.release()
      return released
    },
  }
}

function fromOnnx(name: string, { type, dims, data }: OnnxRuntime.Tensor): Tensor {
  if (isDType(type)) return createTensor(type, dims, data as Tensor['data'])
  throw new WitanError('TENSOR_INVALID', 'The model returned a tensor of an unsupported type', {
    facts: { output: name, dtype: type },
  })
}
