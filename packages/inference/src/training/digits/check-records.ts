import { WitanError } from '@witan/protocol'
import { DIGIT_CLASSES, DIGIT_PIXELS, type DigitRecord } from '../../digits/digit-record.js'

/** @throws WitanError TRAINING_DATA_INVALID naming the first record that is no digit */
export function checkDigitRecords(records: readonly DigitRecord[]): void {
  if (records.length === 0)
    throw new WitanError('TRAINING_DATA_INVALID', 'There are no records', { facts: { records: 0 } })
  const isDigit = ({ label, pixels }: DigitRecord) =>
    Number.isInteger(label) && label >= 0 && label < DIGIT_CLASSES && pixels.length === DIGIT_PIXELS
  const index = records.findIndex((record) => !isDigit(record))
  if (index === -1) return
  const { label, pixels } = records[index]!
  throw new WitanError('TRAINING_DATA_INVALID', 'A record is not a digit of 28 × 28 grey values', {
    facts: { record: index, label, pixels: pixels.length },
  })
}
