// What a watcher makes of files that somebody else may have written.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { printEvidence } from '@witan/protocol'
import t from 'tap'
import type { CommandContext } from '../src/command/context.js'
import { keepReceipt, lastRequest, prepareToKeep } from '../src/settings/kept-receipts.js'
import { readEvidence } from '../src/watch/read-evidence.js'
import { evidenceOf } from './support/evidence.js'

const evidence = evidenceOf(1)
const line = printEvidence(evidence)
const pretty = JSON.stringify({ text: 'answer', ...JSON.parse(line) }, undefined, 2)

const directory = t.testdir({})
const context = { directory } as CommandContext
const read = (text: string) => {
  writeFileSync(join(directory, 'receipts'), text)
  return readEvidence({ receipts: ['receipts'], journals: [] }, context)
}

t.test('a line a receipt, or one printed value', async (t) => {
  t.strictSame(read(line).evidence, [evidence], 'without a newline')
  t.strictSame(read(`${line}\n\n${line}\r\n`).evidence, [evidence, evidence])
  t.strictSame(read(`${pretty}\n`), { evidence: [evidence], unreadable: 0, examples: [] })
  t.strictSame(read(''), { evidence: [], unreadable: 0, examples: [] })
})

t.test('damage is counted, whatever its size, and a few examples tell where it is', async (t) => {
  const { evidence: found, unreadable, examples } = read(`${'x\n'.repeat(3_000_000)}${line}\n`)
  t.equal(found.length, 1)
  t.equal(unreadable, 3_000_000)
  t.equal(examples.length, 20)
  t.match(examples[19], { code: 'EVIDENCE_UNREADABLE', facts: { source: 'receipts', place: 20, field: 'JSON' } })
  t.match(read(`${'['.repeat(5_000_000)}\n${line}`), { evidence: [evidence], unreadable: 1, examples: [{}] })
})

t.test('what is no file is told with a code', async (t) => {
  mkdirSync(join(directory, 'folder'))
  for (const source of ['folder', 'nowhere', 'receipts/below', '/dev/zero']) {
    const refused = { code: 'EVIDENCE_SOURCE_UNKNOWN', facts: { source } }
    t.throws(() => readEvidence({ receipts: [source], journals: [] }, context), refused, source)
    t.throws(() => readEvidence({ receipts: [], journals: [source] }, context), refused, source)
  }
})

t.test('a line that was cut short takes no other with it', async (t) => {
  const file = 'kept.jsonl'
  writeFileSync(join(directory, file), line.slice(0, 100))
  prepareToKeep(file, context)
  keepReceipt(file, evidence, context)
  const found = readEvidence({ receipts: [file], journals: [] }, context)
  t.match(found, { evidence: [evidence], unreadable: 1 })
  prepareToKeep(file, context)
  keepReceipt(file, evidence, context)
  t.match(readEvidence({ receipts: [file], journals: [] }, context), { evidence: [evidence, evidence], unreadable: 1 })
  t.strictSame(lastRequest(file, context), evidence.request)
  t.throws(() => prepareToKeep('nowhere/kept.jsonl', context), { code: 'FILE_UNWRITABLE' })
  t.throws(() => prepareToKeep('folder', context), { code: 'FILE_UNWRITABLE' })
})
