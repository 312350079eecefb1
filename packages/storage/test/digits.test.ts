// The digits: sixty thousand records are built within a minute, every one proves, and one altered byte does not.
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type Hex,
  hexToBytes,
  isWitanError,
  NODE_BYTES,
  recordLeaf,
  rootOfProof,
  siblingIndices,
} from '@witan/protocol'
import { createSeededRandom } from '@witan/runtime'
import t from 'tap'
import { leafFields } from '../src/dataset/record-line.js'
import {
  buildDataset,
  openDataset,
  proveContributor,
  proveRecord,
  readRecord,
  readRecords,
  verifyDataset,
} from '../src/index.js'
import { digitsDescription, OWNER } from './support/digits.js'

const ALL = 60_000
t.setTimeout(180_000)

t.test('sixty thousand digits', async (t) => {
  const out = join(t.testdir(), 'digits')
  const began = performance.now()
  const { manifest, manifestDigest } = await buildDataset({ description: digitsDescription('train'), out })
  t.ok(performance.now() - began < 60_000, 'built within a minute')
  t.match(manifest, { records: ALL, contributors: [{ contributor: OWNER, records: ALL }], sources: [{ records: ALL }] })
  const dataset = await openDataset(out)
  t.equal(dataset.manifestDigest, manifestDigest)
  await verifyDataset(dataset)

  const tree = readFileSync(join(out, 'tree.bin'))
  const root = hexToBytes(manifest.root)
  const node = (index: number) => tree.subarray(index * NODE_BYTES, (index + 1) * NODE_BYTES)
  let index = 0
  let unproven = 0
  for await (const record of readRecords(dataset)) {
    const siblings = siblingIndices(ALL, index).map(node)
    if (siblings.length > 16 || Buffer.compare(rootOfProof(recordLeaf(leafFields(record)), siblings), root) !== 0)
      unproven += 1
    index += 1
  }
  t.equal(index, ALL)
  t.equal(unproven, 0, 'every record proves')

  const last = await proveRecord(dataset, ALL - 1)
  t.match(last, { root: manifest.root, stored: { record: { shape: [28, 28], label: 8 } } })
  const share = proveContributor(dataset, OWNER)
  t.strictSame([share.proof, share.leaf], [[], manifest.contributorsRoot], 'one contributor')
})

t.test('one altered byte anywhere in a data set is found', async (t) => {
  const folder = t.testdir()
  const out = join(folder, 'digits')
  const { manifest, manifestDigest } = await buildDataset({ description: digitsDescription('t10k', 300), out })
  const random = createSeededRandom('bytes')
  for (let round = 0; round < 60; round += 1) {
    const name = ['records.jsonl', 'tree.bin', 'manifest.json'][round % 3]!
    const copy = join(folder, `copy-${round}`)
    cpSync(out, copy, { recursive: true })
    const bytes = readFileSync(join(copy, name))
    const at = random.below(bytes.length)
    bytes[at]! ^= 1 << (round % 8)
    writeFileSync(join(copy, name), bytes)
    t.ok(await isFound(copy, manifestDigest), `${name} at ${at}`)
  }
  const dataset = await openDataset(out)
  const tampered = join(folder, 'tampered')
  cpSync(out, tampered, { recursive: true })
  const lines = readFileSync(join(tampered, 'records.jsonl'), 'utf8').split('\n')
  const label = JSON.parse(lines[7]!).record.label
  lines[7] = lines[7]!.replace(`"label":${label}`, `"label":${(label + 1) % 10}`)
  writeFileSync(join(tampered, 'records.jsonl'), lines.join('\n'))
  await t.rejects(proveRecord({ ...dataset, folder: tampered }, 7), { code: 'DATASET_MISMATCH', facts: { record: 7 } })
  t.equal((await proveRecord({ ...dataset, folder: tampered }, 8)).root, manifest.root, 'its neighbour still proves')
})

t.test('a build that is stopped or fails leaves nothing behind', async (t) => {
  const folder = t.testdir()
  const controller = new AbortController()
  controller.abort(new Error('stopped'))
  const out = join(folder, 'digits')
  const description = digitsDescription('t10k')
  await t.rejects(buildDataset({ description, out }, { signal: controller.signal }), { message: 'stopped' })
  t.strictSame(readdirSync(folder), [])
})

t.test('the same sources make the same digests, and other records others', async (t) => {
  const folder = t.testdir()
  const build = (name: string, take: number) =>
    buildDataset({ description: digitsDescription('t10k', take), out: join(folder, name) })
  const [one, two, three] = [await build('one', 100), await build('two', 100), await build('three', 101)]
  t.equal(one.manifestDigest, two.manifestDigest)
  t.not(one.manifest.root, three.manifest.root)
  t.strictSame(await readRecord(one, 99), await readRecord(three, 99))
  await t.rejects(readRecord(one, 100), { code: 'DATASET_RECORD_UNKNOWN' })
  await t.rejects(proveRecord(one, -1), { code: 'DATASET_RECORD_UNKNOWN' })
  t.throws(() => proveContributor(one, `0x${'99'.repeat(20)}`), { code: 'DATASET_RECORD_UNKNOWN' })
})

/** Whether the folder is refused, or is openly another data set than the registered one. */
async function isFound(folder: string, registered: Hex): Promise<boolean> {
  try {
    const dataset = await openDataset(folder)
    if (dataset.manifestDigest !== registered) return true
    await verifyDataset(dataset)
    return false
  } catch (error) {
    return isWitanError(error, 'DATASET_MISMATCH') || isWitanError(error, 'DATASET_INVALID')
  }
}
