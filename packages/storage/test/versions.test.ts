// The digits as a data set lives: 6,000 records of which a tenth has a wrong label, then corrected, then extended.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { leafFields } from '../src/dataset/record-line.js'
import { buildDataset, type OpenDataset, proveRecords, readRecords, verifyDataset } from '../src/index.js'
import { digitsDescription, OWNER } from './support/digits.js'

const RECORDS = 6_000
const WRONG_EACH = 10
t.setTimeout(120_000)

interface Digit {
  readonly data: string
  readonly label: number
}

/** Digests of content: a leaf also says from which file its record was read. */
const digestsOf = async (dataset: OpenDataset): Promise<Set<string>> => {
  const digests = new Set<string>()
  for await (const record of readRecords(dataset)) digests.add(leafFields(record).recordDigest)
  return digests
}

t.test('wrong labels are named by proof, corrected and extended', async (t) => {
  const folder = t.testdir()
  const digits = await buildDataset({
    description: digitsDescription('train', RECORDS + 4_000),
    out: join(folder, 'all'),
  })
  const records: Digit[] = []
  for await (const { record } of readRecords(digits)) records.push(record as unknown as Digit)
  const build = async (name: string, list: readonly Digit[], parent?: OpenDataset) => {
    const path = join(folder, `${name}.jsonl`)
    writeFileSync(path, list.map((record) => JSON.stringify(record)).join('\n'))
    const base = { name: 'digits', description: '', licence: 'CC0-1.0', contributor: OWNER }
    const version = parent === undefined ? {} : { parent: parent.manifestDigest }
    return buildDataset({ description: { ...base, ...version, sources: [{ path, skip: 0 }] }, out: join(folder, name) })
  }
  const mislabel = (record: Digit, index: number) =>
    index % WRONG_EACH === 0 ? { ...record, label: (record.label + 1) % 10 } : record
  const first = await build('first', records.slice(0, RECORDS).map(mislabel))
  const second = await build('second', records.slice(0, RECORDS), first)
  const third = await build('third', records, second)
  for (const dataset of [first, second, third]) await verifyDataset(dataset)
  t.match(
    [first, second, third].map(({ manifest }) => [manifest.records, manifest.parent]),
    [
      [RECORDS, null],
      [RECORDS, first.manifestDigest],
      [RECORDS + 4_000, second.manifestDigest],
    ],
  )

  const wrong = Array.from({ length: RECORDS / WRONG_EACH }, (_, index) => index * WRONG_EACH)
  const proofs = await proveRecords(first, wrong)
  t.equal(proofs.length, 600)
  t.ok(
    proofs.every(({ root }) => root === first.manifest.root),
    'every wrong record proves in the first version',
  )
  const corrected = await digestsOf(second)
  t.notOk(
    proofs.some(({ fields }) => corrected.has(fields.recordDigest)),
    'and none is in the second',
  )
  const kept = await proveRecords(first, [1, 2, 3])
  t.ok(
    kept.every(({ fields }) => corrected.has(fields.recordDigest)),
    'which has the right ones',
  )
})
