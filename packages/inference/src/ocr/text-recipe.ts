import { WitanError } from '@witan/protocol'
import { FieldReader } from '../model/field-reader.js'
import type { VerifiedModel } from '../model/verified-model.js'

/** How a text-recognition model sees an image and how its answer becomes text. Part of the model version. */
export interface TextRecipe {
  readonly inputTensor: string
  readonly outputTensor: string
  /** Pixels; images are scaled to this height. */
  readonly height: number
  readonly minWidth: number
  readonly maxWidth: number
  /** Tensor value = (pixel / 255 − mean) / deviation. */
  readonly mean: number
  readonly deviation: number
  /** Text of each class; class 0 is the blank. */
  readonly alphabet: readonly string[]
}

/** @throws WitanError MANIFEST_INVALID */
export function readTextRecipe(model: VerifiedModel): TextRecipe {
  const { manifest } = model
  const inputs = new FieldReader(manifest.inputs, manifest.name, 'inputs')
  const outputs = new FieldReader(manifest.outputs, manifest.name, 'outputs')
  inputs.only('media', 'tensor', 'height', 'minWidth', 'maxWidth', 'channels', 'mean', 'deviation')
  outputs.only('tensor', 'decoder', 'characters')
  inputs.strings('media')
  inputs.string('channels', /^bgr$/)
  outputs.string('decoder', /^ctc-greedy$/)
  const minWidth = inputs.integer('minWidth', 1, 4096)
  return {
    inputTensor: inputs.string('tensor'),
    outputTensor: outputs.string('tensor'),
    height: inputs.integer('height', 1, 256),
    minWidth,
    maxWidth: inputs.integer('maxWidth', minWidth, 4096),
    mean: inputs.number('mean', 0, 1),
    deviation: inputs.number('deviation', 0.01, 1),
    alphabet: readAlphabet(model, outputs.string('characters')),
  }
}

/** One character a line; the blank comes before the first, the space after the last. */
function readAlphabet({ files, manifest }: VerifiedModel, path: string): string[] {
  const bytes = files.get(path)
  if (bytes === undefined) {
    throw new WitanError('MANIFEST_INVALID', 'The list of characters is not a file of the model', {
      facts: { manifest: manifest.name, file: path },
    })
  }
  const lines = new TextDecoder('utf-8')
    .decode(bytes)
    .replace(/\r?\n$/, '')
    .split(/\r?\n/)
  return ['', ...lines, ' ']
}
