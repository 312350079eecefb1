import { createHash } from 'node:crypto'
import type { DigitRecord } from '../../digits/digit-record.js'
import type { TrainingRecipe } from '../recipe.js'
import { exportDigits } from './export.js'
import { trainDigits } from './train.js'

/** A 784-64-10 network, ReLU and softmax, trained with Adam on cross-entropy. */
export const digitsRecipe: TrainingRecipe<DigitRecord> = {
  name: 'digits',
  summary: 'handwritten digits, a 784-64-10 network',
  defaults: { epochs: 10, batchSize: 100 },
  train: trainDigits,
  exportModel: exportDigits,
  digestRecords: (records) => {
    const hash = createHash('sha256')
    for (const { label, pixels } of records) hash.update(Uint8Array.of(label)).update(pixels)
    return `0x${hash.digest('hex')}`
  },
}
