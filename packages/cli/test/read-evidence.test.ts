// What is read from files and journals, and what is left out of them.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { printEvidence } from '@witan/protocol'
import { openDatabase } from '@witan/runtime'
import { VALIDATOR_MIGRATIONS } from '@witan/validator'
import t from 'tap'
import { keepReceipt, lastRequest, prepareToKeep } from '../src/settings/kept-receipts.js'
import { readEvidence } from '../src/watch/read-evidence.js'
import { evidenceOf } from './support/evidence.js'
import { recordedContext } from './support/run.js'

t.test('files with a line a receipt, or one value', async (t) => {
  const directory = t.testdir({})
  const { context } = recordedContext({ directory })
  const all = [evidenceOf(1), evidenceOf(2)]
  prepareToKeep('kept.jsonl', context)
  for (const each of all) keepReceipt('kept.jsonl', each, context)
  t.strictSame(lastRequest('kept.jsonl', context), all[1]!.request)
  writeFileSync(join(directory, 'one.json'), JSON.stringify(JSON.parse(printEvidence(evidenceOf(3))), undefined, 2))
  const { evidence, unreadable } = readEvidence({ receipts: ['kept.jsonl', 'one.json'], journals: [] }, context)
  t.strictSame(evidence, [...all, evidenceOf(3)])
  t.equal(unreadable, 0)
  t.throws(() => prepareToKeep('nowhere/kept.jsonl', context), { code: 'FILE_UNWRITABLE' })
  writeFileSync(join(directory, 'torn.jsonl'), printEvidence(all[0]!).slice(0, -9))
  t.match(readEvidence({ receipts: ['torn.jsonl'], journals: [] }, context), {
    evidence: [],
    unreadable: 1,
    examples: [{ code: 'EVIDENCE_UNREADABLE', facts: { source: 'torn.jsonl', place: 1 } }],
  })
})

t.test("a validator's journal, while the validator may be writing", async (t) => {
  const directory = t.testdir({})
  const { context } = recordedContext({ directory })
  const database = openDatabase(join(directory, 'validator.sqlite'), VALIDATOR_MIGRATIONS)
  t.teardown(() => database.close())
  const insert = database.prepare<[number, string | null, string | null]>(
    `INSERT INTO challenges (epoch, uid, round, operator, registered_at, result, latency_ms, judged_at_ms, request, receipt)
     VALUES (1, ?, 0, '0x', 0, 'correct', 1, 1, ?, ?)`,
  )
  const { request, signed } = evidenceOf(1)
  const receipt = JSON.stringify(signed, (_, value) => (typeof value === 'bigint' ? `${value}` : value))
  insert.run(0, JSON.stringify(request), receipt)
  insert.run(1, JSON.stringify(request), null)
  insert.run(2, null, receipt)
  insert.run(3, '{"consumer":', receipt)
  insert.run(4, JSON.stringify(request), 'null')
  const found = readEvidence({ receipts: [], journals: ['validator.sqlite'] }, context)
  t.strictSame(found.evidence, [{ request, signed }])
  t.match(found.examples, [{ code: 'EVIDENCE_UNREADABLE' }, { code: 'EVIDENCE_UNREADABLE' }])

  const older = openDatabase(join(directory, 'older.sqlite'), VALIDATOR_MIGRATIONS.slice(0, 1))
  older.close()
  for (const journals of [['older.sqlite'], ['nowhere.sqlite']]) {
    t.throws(() => readEvidence({ receipts: [], journals }, context), { code: 'EVIDENCE_SOURCE_UNKNOWN' })
  }
  writeFileSync(join(directory, 'text.sqlite'), 'not a database at all, but long enough to be read as one'.repeat(99))
  t.throws(() => readEvidence({ receipts: [], journals: ['text.sqlite'] }, context), { code: 'DATABASE_CORRUPT' })
})
