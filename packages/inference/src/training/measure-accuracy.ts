import { WitanError } from '@witan/protocol'
import { readDigitFormat } from '../digits/digit-format.js'
import { DIGIT_CLASSES, type DigitRecord } from '../digits/digit-record.js'
import { scoreDigits } from '../digits/score-digits.js'
import type { Engine } from '../engine/engine.js'
import type { VerifiedModel } from '../model/verified-model.js'
import { argMax } from '../tensor/tolerance.js'
import { checkDigitRecords } from './digits/check-records.js'

/** Pictures a run: 1.6 MB of input. */
const RUN_PICTURES = 512

export interface Accuracy {
  readonly records: number
  readonly correct: number
  /** `correct / records`. */
  readonly accuracy: number
}

/**
 * How often a digits model gives the label, run by the engine that serves it.
 * @throws WitanError MODEL_TASK_UNKNOWN for a model of another task, TRAINING_DATA_INVALID, MANIFEST_INVALID, as the engine
 */
export async function measureAccuracy(
  model: VerifiedModel,
  engine: Engine,
  records: readonly DigitRecord[],
  signal?: AbortSignal,
): Promise<Accuracy> {
  const { name, task } = model.manifest
  if (task !== 'digits') {
    throw new WitanError('MODEL_TASK_UNKNOWN', 'Models of this task cannot be evaluated', {
      facts: { model: name, task, known: 'digits' },
      next: 'Choose a model with the task `digits`.',
    })
  }
  checkDigitRecords(records)
  const format = readDigitFormat(model.manifest)
  const loaded = await engine.load(model)
  try {
    let correct = 0
    for (let start = 0; start < records.length; start += RUN_PICTURES) {
      const batch = records.slice(start, start + RUN_PICTURES)
      const pictures = batch.map(({ pixels }) => pixels)
      const scores = await scoreDigits(pictures, format, loaded, signal)
      batch.forEach(({ label }, row) => {
        if (argMax(scores, row * DIGIT_CLASSES, DIGIT_CLASSES) === label) correct++
      })
    }
    return { records: records.length, correct, accuracy: correct / records.length }
  } finally {
    await loaded.dispose()
  }
}
