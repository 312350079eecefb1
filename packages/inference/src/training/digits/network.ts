import type { DrawingRandom } from '@witan/runtime'
import { DIGIT_CLASSES, DIGIT_PIXELS } from '../../digits/digit-record.js'
import { digitValues } from '../../digits/score-digits.js'
import { createTensor, type Tensor } from '../../tensor/tensor.js'
import type { Weights } from '../recipe.js'
import type { TensorFlow } from '../tensorflow.js'

const HIDDEN = 64

/** Names of the weights, here and in the ONNX graph. */
const SHAPES = {
  'hidden.weight': [DIGIT_PIXELS, HIDDEN],
  'hidden.bias': [HIDDEN],
  'output.weight': [HIDDEN, DIGIT_CLASSES],
  'output.bias': [DIGIT_CLASSES],
} as const

type WeightName = keyof typeof SHAPES

/** A 784-64-10 network on TensorFlow: weights that can be trained, and what they give for pictures. */
export interface DigitsNetwork {
  readonly variables: readonly TensorFlow.Variable[]
  /** float32 [N, 10] before softmax. */
  logits(pictures: readonly Uint8Array[]): TensorFlow.Tensor2D
  weights(): Promise<Weights>
  dispose(): void
}

export function createDigitsNetwork(tf: typeof TensorFlow, initial: Weights): DigitsNetwork {
  const variable = (name: WeightName) => {
    const { dims, data } = initial[name]!
    return tf.tidy(() => tf.variable(tf.tensor(data, [...dims])))
  }
  const variables: Record<WeightName, TensorFlow.Variable> = {
    'hidden.weight': variable('hidden.weight'),
    'hidden.bias': variable('hidden.bias'),
    'output.weight': variable('output.weight'),
    'output.bias': variable('output.bias'),
  }
  return {
    variables: Object.values(variables),
    logits: (pictures) =>
      tf.tidy(() => {
        const input = tf.tensor2d(digitValues(pictures), [pictures.length, DIGIT_PIXELS])
        const hidden = input.matMul(variables['hidden.weight']).add(variables['hidden.bias']).relu()
        return hidden.matMul(variables['output.weight']).add<TensorFlow.Tensor2D>(variables['output.bias'])
      }),
    weights: async () => {
      const entries = Object.entries(variables).map(async ([name, values]) => {
        const data = (await values.data()) as Float32Array
        return [name, createTensor('float32', values.shape, data.slice())] as const
      })
      return Object.fromEntries(await Promise.all(entries))
    },
    dispose: () => {
      tf.dispose(Object.values(variables))
    },
  }
}

/**
 * Weights uniform within ±√(6 / (inputs + outputs)) (Glorot), biases zero. Only the four operations and a root that
 * IEEE 754 rounds exactly, so the same draws give the same weights on every machine.
 */
export function drawDigitsWeights(random: DrawingRandom): Weights {
  const matrix = (dims: readonly [number, number]): Tensor<'float32'> => {
    const bound = Math.sqrt(6 / (dims[0] + dims[1]))
    const draw = () => (2 * random.float() - 1) * bound
    return createTensor('float32', dims, Float32Array.from({ length: dims[0] * dims[1] }, draw))
  }
  const zeros = (dims: readonly [number]) => createTensor('float32', dims, new Float32Array(dims[0]))
  return {
    'hidden.weight': matrix(SHAPES['hidden.weight']),
    'hidden.bias': zeros(SHAPES['hidden.bias']),
    'output.weight': matrix(SHAPES['output.weight']),
    'output.bias': zeros(SHAPES['output.bias']),
  }
}
