import type { Json } from '@witan/protocol'
import { FieldReader } from '../model/field-reader.js'
import type { ModelManifest } from '../model/manifest.js'
import { DIGIT_CLASSES, DIGIT_SIDE } from './digit-record.js'

/** How a digits model sees a picture and how its answer is read. Part of the model version. */
export interface DigitFormat {
  /** float32 [N, 784], grey values over 255. */
  readonly inputTensor: string
  /** float32 [N, 10], probabilities. */
  readonly outputTensor: string
}

/** `inputs` and `outputs` of a manifest for this format. */
export function describeDigitFormat({ inputTensor, outputTensor }: DigitFormat): { inputs: Json; outputs: Json } {
  return {
    inputs: {
      media: ['application/octet-stream'],
      tensor: inputTensor,
      height: DIGIT_SIDE,
      width: DIGIT_SIDE,
      channels: 'grey',
      divisor: 255,
    },
    outputs: { tensor: outputTensor, values: 'probabilities', classes: DIGIT_CLASSES },
  }
}

/** @throws WitanError MANIFEST_INVALID */
export function readDigitFormat(manifest: ModelManifest): DigitFormat {
  const inputs = new FieldReader(manifest.inputs, manifest.name, 'inputs')
  const outputs = new FieldReader(manifest.outputs, manifest.name, 'outputs')
  inputs.only('media', 'tensor', 'height', 'width', 'channels', 'divisor')
  outputs.only('tensor', 'values', 'classes')
  inputs.strings('media')
  inputs.string('channels', /^grey$/)
  inputs.integer('height', DIGIT_SIDE, DIGIT_SIDE)
  inputs.integer('width', DIGIT_SIDE, DIGIT_SIDE)
  inputs.integer('divisor', 255, 255)
  outputs.string('values', /^probabilities$/)
  outputs.integer('classes', DIGIT_CLASSES, DIGIT_CLASSES)
  return { inputTensor: inputs.string('tensor'), outputTensor: outputs.string('tensor') }
}
