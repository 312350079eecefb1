// A data set on the command line without a chain: built, verified, proven, and refused when altered.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { run, runJson } from './support/run.js'

const OWNER = `0x${'11'.repeat(20)}`
const FRIEND = `0x${'22'.repeat(20)}`
const rows = Array.from({ length: 20 }, (_, index) => `text ${index},${index % 4 === 0 ? FRIEND : OWNER}`)

const directory = t.testdir({
  'rows.csv': `text,by\n${rows.join('\n')}\n`,
  'dataset.yaml': `
name: rows
licence: CC0-1.0
contributor: '${OWNER}'
sources:
  - path: rows.csv
    origin: written by hand
    contributorField: by
`,
})
const witan = (...args: string[]) => run(args, { directory })
const json = (...args: string[]) => runJson(args, { directory })

t.test('build, verify, prove', async (t) => {
  const { stdout } = await witan('dataset', 'build', '--file', 'dataset.yaml', '--out', 'built')
  t.match(
    stdout,
    /^rows: 20 records of 2 contributors in .*built\nroot {6}0x[0-9a-f]{64}\nmanifest {2}0x[0-9a-f]{64}\n$/,
  )
  const verified = await json('dataset', 'verify', '--dataset', 'built')
  t.match(verified, { verified: true, records: 20, name: 'rows' })
  t.match(
    (await witan('dataset', 'verify', '--dataset', 'built', '--manifest', verified.manifestDigest)).stdout,
    /all 20 records/,
  )
  const proof = await json('dataset', 'proof', '--dataset', 'built', '--record', '4')
  t.match(proof, { root: verified.root, content: { by: FRIEND, text: 'text 4' }, fields: { contributor: FRIEND } })
  t.ok(proof.proof.length <= 5)
  t.match(await json('dataset', 'proof', '--dataset', 'built', '--contributor', FRIEND), { records: 5, proof: [/^0x/] })
  t.match((await witan('dataset', 'proof', '--dataset', 'built', '--record', '0')).stdout, /^record 0 is in 0x/)
})

t.test('what is wrong', async (t) => {
  await t.rejects(witan('dataset', 'build', '--file', 'dataset.yaml', '--out', 'built'), { code: 'DATASET_EXISTS' })
  await t.rejects(witan('dataset', 'build', '--file', 'none.yaml', '--out', 'other'), { code: 'CONFIG_NOT_FOUND' })
  await t.rejects(witan('dataset', 'verify', '--dataset', 'none'), { code: 'DATASET_INVALID' })
  await t.rejects(witan('dataset', 'verify', '--dataset', 'built', '--manifest', `0x${'00'.repeat(32)}`), {
    code: 'DATASET_MISMATCH',
    exitCode: 1,
  })
  await t.rejects(witan('dataset', 'proof', '--dataset', 'built'), { code: 'USAGE' })
  await t.rejects(witan('dataset', 'proof', '--dataset', 'built', '--record', '20'), { code: 'DATASET_RECORD_UNKNOWN' })
  const file = join(directory, 'built', 'records.jsonl')
  writeFileSync(file, readFileSync(file, 'utf8').replace('text 7', 'text 8'))
  await t.rejects(witan('dataset', 'verify', '--dataset', 'built'), {
    code: 'DATASET_MISMATCH',
    facts: { field: 'root' },
  })
  await t.rejects(witan('dataset', 'proof', '--dataset', 'built', '--record', '7'), { code: 'DATASET_MISMATCH' })
})
