// Sources in every format: what is read, where it came from, and what is refused.
import { createHash } from 'node:crypto'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { keccak256Hex } from '@witan/protocol'
import { type FileMetaData, parquetMetadata } from 'hyparquet'
import { ByteWriter, parquetWriteBuffer, parquetWriteFile } from 'hyparquet-writer'
import { writeMetadata } from 'hyparquet-writer/src/metadata.js'
import t from 'tap'
import { buildDataset, openDataset, readDatasetDescription, readRecords, type StoredRecord } from '../src/index.js'
import { OWNER } from './support/digits.js'

const OTHER = `0x${'22'.repeat(20)}`

async function build(folder: string, sources: object[]): Promise<StoredRecord[]> {
  const file = join(folder, 'dataset.yaml')
  writeFileSync(file, JSON.stringify({ name: 'test', licence: 'CC0-1.0', contributor: OWNER, sources }))
  const out = join(folder, `out-${keccak256Hex(Buffer.from(JSON.stringify(sources))).slice(2, 14)}`)
  const built = await buildDataset({ description: readDatasetDescription(file), out })
  const opened = await openDataset(out)
  if (opened.manifestDigest !== built.manifestDigest) throw new Error('the manifest is not the one that was built')
  const records: StoredRecord[] = []
  for await (const record of readRecords(opened)) records.push(record)
  return records
}

const recordsOf = async (folder: string, source: object) => (await build(folder, [source])).map(({ record }) => record)
const sha256 = (text: string) => `0x${createHash('sha256').update(text).digest('hex')}`

t.test('CSV: quotes, line breaks in fields, CRLF, byte order mark', async (t) => {
  const text = '\ufeffid,text\r\n1,"a, ""b""\nc"\r\n2,\r\n3,é'
  const folder = t.testdir({ 'a.csv': text })
  t.strictSame(await recordsOf(folder, { path: 'a.csv' }), [
    { id: '1', text: 'a, "b"\nc' },
    { id: '2', text: '' },
    { id: '3', text: 'é' },
  ])
  t.strictSame(await recordsOf(folder, { path: 'a.csv', skip: 1, take: 1 }), [{ id: '2', text: '' }])
  t.match(await build(folder, [{ path: 'a.csv', origin: 'here', take: 1 }]), [
    { source: sha256(text), licence: 'CC0-1.0', contributor: OWNER },
  ])
})

t.test('CSV across the pieces in which a file is read', async (t) => {
  const rows = Array.from({ length: 12_000 }, (_, index) => `${index},"é ""${index}""\n,"`)
  const folder = t.testdir({ 'long.csv': `id,text\n${rows.join('\n')}\n` })
  const records = await recordsOf(folder, { path: 'long.csv' })
  t.equal(records.length, 12_000)
  t.ok(
    records.every(
      (record, index) => JSON.stringify(record) === JSON.stringify({ id: `${index}`, text: `é "${index}"\n,` }),
    ),
  )
})

t.test('CSV: a line without end is not held in memory, whatever it is made of', async (t) => {
  const endless = { commas: ','.repeat(5_000_000), quotes: `"${'""'.repeat(2_500_000)}`, text: 'x'.repeat(5_000_000) }
  for (const [name, line] of Object.entries(endless)) {
    const folder = t.testdir({ 'a.csv': `a,b\n${line}` })
    await t.rejects(
      recordsOf(folder, { path: 'a.csv' }),
      { code: 'DATASET_RECORD_TOO_LARGE', facts: { line: 2 } },
      name,
    )
  }
  const wide = t.testdir({ 'a.csv': `${'x,'.repeat(5_000)}x\n` })
  await t.rejects(
    recordsOf(wide, { path: 'a.csv' }),
    { code: 'DATASET_SOURCE_MALFORMED', facts: { reason: 'too many fields', fields: 5_001 } },
    'counted before they are compared',
  )
})

t.test('CSV that is none says where', async (t) => {
  const wrong: [string | Buffer, object][] = [
    ['a,b\n1\n', { line: 2, fields: 1, expected: 2 }],
    ['a,b\n1,2\n"x\n', { reason: 'a quoted field does not end' }],
    ['a,b\n1,"2"3\n', { line: 2, reason: 'text after a closing quote' }],
    ['a,b\n1,2"3"\n', { reason: 'a quote inside an unquoted field' }],
    ['a,b\r1,2\n', { reason: 'a carriage return without line feed' }],
    ['a,a\n1,2\n', { field: 'a' }],
    ['a,\n1,2\n', { reason: 'a field has no name' }],
    [Buffer.from([97, 10, 0xff, 10]), { reason: 'not UTF-8 text' }],
  ]
  for (const [index, [content, facts]] of wrong.entries()) {
    const folder = t.testdir({ [`${index}.csv`]: content })
    await t.rejects(recordsOf(folder, { path: `${index}.csv` }), { code: 'DATASET_SOURCE_MALFORMED', facts })
  }
})

t.test('JSONL with a licence and a contributor of its own in each record', async (t) => {
  const lines = [
    { text: 'a', licence: 'MIT', by: OTHER.toUpperCase().replace('0X', '0x') },
    { text: 'b', licence: 'CC-BY-4.0', by: OWNER },
  ]
  const folder = t.testdir({
    'a.jsonl': `${lines.map((line) => JSON.stringify(line)).join('\n\n')}\n`,
    'b.jsonl': '{"x":1}\n{x}\n',
  })
  const source = { path: 'a.jsonl', licenceField: 'licence', contributorField: 'by' }
  t.match(await build(folder, [source]), [
    { licence: 'MIT', contributor: OTHER },
    { licence: 'CC-BY-4.0', contributor: OWNER },
  ])
  await t.rejects(build(folder, [{ ...source, licenceField: 'text2' }]), {
    code: 'DATASET_RECORD_INVALID',
    facts: { record: 0, field: 'text2' },
  })
  await t.rejects(recordsOf(folder, { path: 'b.jsonl' }), { code: 'DATASET_SOURCE_MALFORMED', facts: { line: 2 } })
})

t.test('a directory: every file by path, size and digest, in one order', async (t) => {
  const folder = t.testdir({ d: { b: { '1.txt': 'one' }, a: 'two', Z: '' } })
  t.strictSame(await recordsOf(folder, { path: 'd' }), [
    { bytes: 0, path: 'Z', sha256: sha256('') },
    { bytes: 3, path: 'a', sha256: sha256('two') },
    { bytes: 3, path: 'b/1.txt', sha256: sha256('one') },
  ])
  const [record] = await build(folder, [{ path: 'd', skip: 1, take: 1 }])
  t.equal(record!.source, sha256('two'), 'the source of a record is its file')
  symlinkSync('a', join(folder, 'd', 'link'))
  await t.rejects(recordsOf(folder, { path: 'd', skip: 0, take: 9 }), {
    code: 'DATASET_SOURCE_MALFORMED',
    facts: { path: 'link' },
  })
})

t.test('Parquet: types, row groups, and a file that is none', async (t) => {
  const folder = t.testdir({ 'bad.parquet': 'PAR1 nothing PAR1' })
  const columnData = [
    { name: 'id', data: [1n, 2n, 2n ** 60n], type: 'INT64' as const },
    { name: 'text', data: ['é', '', 'c'], type: 'STRING' as const },
    { name: 'bytes', data: [1, 2, 3].map((byte) => new Uint8Array([byte, 255])), type: 'BYTE_ARRAY' as const },
    { name: 'score', data: [0.5, undefined, -1], type: 'DOUBLE' as const, nullable: true },
    { name: 'at', data: [0, 1, 2].map((ms) => new Date(ms)), type: 'TIMESTAMP' as const },
  ]
  await parquetWriteFile({ filename: join(folder, 'a.parquet'), columnData, rowGroupSize: 2 })
  t.strictSame(await recordsOf(folder, { path: 'a.parquet' }), [
    { at: '1970-01-01T00:00:00.000Z', bytes: 'Af8=', id: 1, score: 0.5, text: 'é' },
    { at: '1970-01-01T00:00:00.001Z', bytes: 'Av8=', id: 2, score: null, text: '' },
    { at: '1970-01-01T00:00:00.002Z', bytes: 'A/8=', id: '1152921504606846976', score: -1, text: 'c' },
  ])
  const compressors = { GZIP: (input: Uint8Array) => gzipSync(input) }
  await parquetWriteFile({ filename: join(folder, 'z.parquet'), columnData, codec: 'GZIP', compressors })
  t.match(await recordsOf(folder, { path: 'z.parquet' }), [{ id: 1 }, { id: 2 }, { text: 'c' }])
  await t.rejects(recordsOf(folder, { path: 'bad.parquet' }), {
    code: 'DATASET_SOURCE_MALFORMED',
    facts: { reason: /Parquet/ },
  })
})

t.test('Parquet: lists, and groups whose columns hold other numbers of rows than the file says', async (t) => {
  const folder = t.testdir({})
  const lists = [
    { name: 'id', data: [1, 2, 3], type: 'INT32' as const },
    { name: 'tags', data: [['a', 'b'], [], ['c']] },
  ]
  const good = Buffer.from(parquetWriteBuffer({ columnData: lists, rowGroupSize: [2, 1] }))
  writeFileSync(join(folder, 'good.parquet'), good)
  t.match(await recordsOf(folder, { path: 'good.parquet' }), [
    { id: 1, tags: ['a', 'b'] },
    { id: 2, tags: [] },
    { id: 3, tags: ['c'] },
  ])
  const told = parquetMetadata(Uint8Array.from(good).buffer)
  const write = (name: string, metadata: FileMetaData) => {
    const writer = new ByteWriter()
    writer.appendBytes(good.subarray(0, good.length - 8 - good.readUInt32LE(good.length - 8)))
    writeMetadata(writer, metadata as Parameters<typeof writeMetadata>[1])
    writer.appendBytes(Buffer.from('PAR1'))
    writeFileSync(join(folder, `${name}.parquet`), Buffer.from(writer.getBuffer()))
    return recordsOf(folder, { path: `${name}.parquet` })
  }
  t.equal((await write('unchanged', told)).length, 3)
  const lie = async (name: string, change: (metadata: FileMetaData) => void) => {
    const metadata = structuredClone(told)
    change(metadata)
    await t.rejects(write(name, metadata), { code: 'DATASET_SOURCE_MALFORMED', facts: { reason: /row/ } }, name)
  }
  const addRows = (metadata: FileMetaData, group: number, rows: bigint) => {
    metadata.num_rows += rows
    metadata.row_groups[group]!.num_rows += rows
  }
  const addValues = (metadata: FileMetaData, group: number, column: number, values: bigint) => {
    metadata.row_groups[group]!.columns[column]!.meta_data!.num_values += values
  }
  await lie('more in all', (metadata) => {
    metadata.num_rows += 1n
  })
  await lie('more in a group', (metadata) => addRows(metadata, 1, 1n))
  await lie('more values too', (metadata) => {
    addRows(metadata, 1, 1n)
    for (const column of [0, 1]) addValues(metadata, 1, column, 1n)
  })
  await lie('fewer in a group', (metadata) => addRows(metadata, 0, -1n))
  await lie('fewer values too', (metadata) => {
    addRows(metadata, 0, -1n)
    addValues(metadata, 0, 0, -1n)
  })
  await lie('a billion', (metadata) => addRows(metadata, 0, 10n ** 9n))
  await lie('less than none', (metadata) => addRows(metadata, 0, -10n))
  await lie('a column less', (metadata) => void metadata.row_groups[1]!.columns.pop())
})

t.test('IDX: items with their labels', async (t) => {
  const header = (...sizes: number[]) => [0, 0, 8, sizes.length, ...sizes.flatMap((size) => [0, 0, 0, size])]
  const folder = t.testdir({
    images: Buffer.from([...header(2, 1, 3), 1, 2, 3, 4, 5, 6]),
    labels: Buffer.from([...header(2), 7, 8]),
    few: Buffer.from([...header(1), 7]),
    many: Buffer.from([...header(3), 7, 8, 9]),
    short: Buffer.from([...header(2, 1, 3), 1, 2, 3, 4]),
    text: Buffer.from('text text text'),
  })
  const source = { path: 'images', format: 'idx' }
  t.strictSame(await recordsOf(folder, { ...source, labels: 'labels' }), [
    { data: 'AQID', label: 7, shape: [1, 3] },
    { data: 'BAUG', label: 8, shape: [1, 3] },
  ])
  t.strictSame(await recordsOf(folder, source), [
    { data: 'AQID', shape: [1, 3] },
    { data: 'BAUG', shape: [1, 3] },
  ])
  for (const change of [
    { labels: 'few' },
    { labels: 'many' },
    { labels: 'images' },
    { path: 'short' },
    { path: 'text' },
  ]) {
    await t.rejects(
      recordsOf(folder, { ...source, ...change }),
      { code: 'DATASET_SOURCE_MALFORMED' },
      JSON.stringify(change),
    )
  }
})

t.test('what cannot be a source', async (t) => {
  const folder = t.testdir({ 'a.txt': '', 'empty.csv': 'a\n', 'big.jsonl': `"${'x'.repeat(4 * 1024 * 1024)}"\n` })
  await t.rejects(recordsOf(folder, { path: 'none.csv' }), {
    code: 'DATASET_SOURCE_MISSING',
    facts: { reason: 'ENOENT' },
  })
  await t.rejects(recordsOf(folder, { path: 'a.txt' }), { code: 'DATASET_SOURCE_MALFORMED' })
  await t.rejects(recordsOf(folder, { path: 'empty.csv' }), { code: 'DATASET_SIZE' })
  await t.rejects(recordsOf(folder, { path: 'big.jsonl' }), { code: 'DATASET_RECORD_TOO_LARGE' })
  await t.rejects(recordsOf(folder, { path: 'a.txt', licence: '' }), { code: 'CONFIG_INVALID' })
  mkdirSync(join(folder, 'there'))
  const description = { name: 'x', description: '', licence: 'MIT', contributor: OWNER, sources: [] } as const
  await t.rejects(buildDataset({ description: { ...description, sources: [] }, out: join(folder, 'there') }), {
    code: 'DATASET_EXISTS',
  })
})
