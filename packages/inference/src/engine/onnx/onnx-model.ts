import { WitanError } from '@witan/protocol'
import { createTensor, isDType, type Tensor } from '../../tensor/tensor.js'
import type { DeviceDescription, LoadedModel, Tensors } from '../engine.js'
import type { OnnxRuntime } from './onnx-runtime.js'
import { firstLine } from './providers.js'

type Session = OnnxRuntime.InferenceSession

export function createOnnxModel(
  runtime: typeof OnnxRuntime,
  session: Session,
  device: DeviceDescription,
): LoadedModel {
  let released: Promise<void> | undefined
  return {
    device,
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    run: async (inputs, signal) => {
      signal?.throwIfAborted()
      requireNames(session.inputNames, inputs)
      const feeds = Object.fromEntries(
        Object.entries(inputs).map(([name, { dtype, dims, data }]) => [name, new runtime.Tensor(dtype, data, dims)]),
      )
      const outputs = await session.run(feeds).catch((cause) => {
        throw runError(cause, device)
      })
      return Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, fromOnnx(name, value)]))
    },
    dispose: () => {
      released ??= session.release()
      return released
    },
  }
}

function requireNames(expected: readonly string[], inputs: Tensors): void {
  const given = Object.keys(inputs)
  if (given.length === expected.length && expected.every((name) => Object.hasOwn(inputs, name))) return
  throw new WitanError('TENSOR_INVALID', 'The inputs are not those of the model', {
    facts: { expected: expected.join(', '), given: given.join(', ') },
  })
}

function fromOnnx(name: string, value: OnnxRuntime.Tensor): Tensor {
  const { type, dims, data } = value
  if (isDType(type)) return createTensor(type, dims, data as Tensor['data'])
  throw new WitanError('TENSOR_INVALID', 'The model returned a tensor of an unsupported type', {
    facts: { output: name, dtype: type },
  })
}

/** ONNX Runtime reports a wrong type or rank of an input as an invalid argument. */
function runError(cause: unknown, device: DeviceDescription): WitanError {
  const reason = firstLine(cause)
  const facts = { engine: `${device.engine} ${device.version}`, reason }
  return /INVALID_ARGUMENT|Unexpected input data type|invalid dimensions|Got invalid/i.test(reason)
    ? new WitanError('TENSOR_INVALID', 'The model refused its inputs', { facts, cause })
    : new WitanError('ENGINE_RUN_FAILED', 'The model failed while running', { facts, cause })
}
