import { WitanError } from '@witan/protocol'
import type { Tensor } from '../../tensor/tensor.js'
import type { Tensors } from '../engine.js'
import type { OnnxRuntime } from './onnx-runtime.js'

type ValueMetadata = OnnxRuntime.InferenceSession.ValueMetadata

/** @throws WitanError TENSOR_INVALID when names, types or fixed dimensions are not those that the model declares */
export function checkInputs(declared: readonly ValueMetadata[], inputs: Tensors): void {
  const expected = declared.map(({ name }) => name)
  const given = Object.keys(inputs)
  if (given.length !== expected.length || !expected.every((name) => Object.hasOwn(inputs, name))) {
    throw new WitanError('TENSOR_INVALID', 'The inputs are not those of the model', {
      facts: { expected: expected.join(', '), given: given.join(', ') },
    })
  }
  for (const input of declared) checkInput(input, inputs[input.name]!)
}

/** A dimension that the model leaves open is a name instead of a number. */
function checkInput(declared: ValueMetadata, { dtype, dims }: Tensor): void {
  if (!declared.isTensor) {
    throw new WitanError('TENSOR_INVALID', 'The model takes an input that is not a tensor', {
      facts: { input: declared.name },
    })
  }
  const { name, type, shape } = declared
  const fits = shape.length === dims.length && shape.every((dim, axis) => typeof dim === 'string' || dim === dims[axis])
  if (type === dtype && fits) return
  throw new WitanError('TENSOR_INVALID', 'An input does not have the type and shape that the model declares', {
    facts: { input: name, expected: `${type}[${shape.join(',')}]`, given: `${dtype}[${dims.join(',')}]` },
  })
}
