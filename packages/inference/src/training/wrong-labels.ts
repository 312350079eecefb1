import { createSeededRandom } from '@witan/runtime'
import { DIGIT_CLASSES, type DigitRecord } from '../digits/digit-record.js'

/**
 * The same records in the same order, of which the `fraction` (rounded to whole records) has a label that is not its
 * own. Which ones and which labels follows from the seed.
 */
export function withWrongLabels(records: readonly DigitRecord[], fraction: number, seed: number): DigitRecord[] {
  const random = createSeededRandom(`witan/wrong-labels/${seed}`)
  const count = Math.round(records.length * fraction)
  const changed = [...records]
  for (const index of random.shuffle([...records.keys()]).slice(0, count)) {
    const record = records[index]!
    changed[index] = { ...record, label: (record.label + 1 + random.below(DIGIT_CLASSES - 1)) % DIGIT_CLASSES }
  }
  return changed
}
