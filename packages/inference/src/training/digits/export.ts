import { describeDigitFormat } from '../../digits/digit-format.js'
import { DIGIT_CLASSES, DIGIT_PIXELS } from '../../digits/digit-record.js'
import { sha256 } from '../../model/model-version.js'
import { writeOnnxModel } from '../../onnx-format/write-model.js'
import type { ModelFiles, Weights } from '../recipe.js'

const INPUT = 'pixels'
const OUTPUT = 'probabilities'

/** ONNX Runtime and TensorFlow.js differ by up to 1e-6 in a probability. */
const TOLERANCE = { absolute: 1e-4, relative: 1e-4 }

export function exportDigits(weights: Weights, runtime: string): ModelFiles {
  const onnx = writeOnnxModel({
    name: 'digits',
    nodes: [
      { operator: 'Gemm', inputs: [INPUT, 'hidden.weight', 'hidden.bias'], output: 'hidden.sum' },
      { operator: 'Relu', inputs: ['hidden.sum'], output: 'hidden' },
      { operator: 'Gemm', inputs: ['hidden', 'output.weight', 'output.bias'], output: 'logits' },
      { operator: 'Softmax', inputs: ['logits'], output: OUTPUT },
    ],
    weights,
    input: { name: INPUT, shape: ['N', DIGIT_PIXELS] },
    output: { name: OUTPUT, shape: ['N', DIGIT_CLASSES] },
  })
  const path = 'model.onnx'
  return {
    onnx,
    manifest: {
      name: 'digits',
      description: 'Tells which digit a picture of 28 × 28 grey values shows, with the probability of each.',
      task: 'digits',
      files: [{ path, sha256: sha256(onnx), bytes: onnx.length, source: `file:${path}` }],
      runtime,
      ...describeDigitFormat({ inputTensor: INPUT, outputTensor: OUTPUT }),
      tolerance: TOLERANCE,
      // Whoever trained the model decides under which licence it is given away.
      licence: 'NOASSERTION',
    },
  }
}
