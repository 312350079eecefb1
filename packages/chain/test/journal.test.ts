import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '@witan/runtime'
import t from 'tap'
import { CHAIN_MIGRATIONS, createDurableCursor, createSender, type Rpc } from '../src/index.js'
import { openJournal } from '../src/sender/journal.js'
import { MAX_QUEUED_INTENTS } from '../src/sender/limits.js'
import { keyOf } from './support/keys.js'
import { clock, logger } from './support/local-chain.js'
import { createWave } from './support/wave.js'

const alice = keyOf('alice')
const CHAIN = '31337:0x01'
const intent = (idempotenceKey: string) => ({
  idempotenceKey,
  intentDigest: '0x',
  description: '',
  call: 'coin.transfer',
  to: alice.address,
  data: '0x' as const,
  valueWei: 1n,
  maxCostWei: 5n,
  deadlineAtMs: 1_000,
  createdAtMs: 0,
})
const attempt = (hash: `0x${string}`, kind: 'call' | 'cancel' = 'call', signedAtMs = 10) =>
  ({ kind, hash, raw: '0x', maxFeeWei: 2n, priorityFeeWei: 1n, gasLimit: 21_000, signedAtMs }) as const

t.test('a database of the first version goes on', async (t) => {
  const path = join(tmpdir(), `witan-journal-${process.pid}.db`)
  t.teardown(() => rmSync(path, { force: true }))
  const old = openDatabase(path, CHAIN_MIGRATIONS.slice(0, 1))
  const insert = old.prepare<[string, number, string, string | null]>(
    `INSERT INTO transactions (chain, sender, idempotence_key, intent_digest, description, nonce, state, hash,
     block_number, created_at_ms) VALUES ('${CHAIN}', '${alice.address}', ?, '0xdd', 'send', ?, ?, ?, 7, 1)`,
  )
  insert.run('done', 0, 'mined', '0xaa')
  insert.run('sent', 1, 'pending', null)
  const attempts = old.prepare<[string, string]>("INSERT INTO attempts VALUES (2, ?, ?, '20', '1', 21000, 5)")
  attempts.run('0xb1', '0x01')
  attempts.run('0xb2', '0x02')
  const checkpoints = JSON.stringify([
    { number: 1, hash: '0x01' },
    { number: 2, hash: '0x02' },
  ])
  old.prepare<[string]>("INSERT INTO cursors VALUES ('observer', '0x01', ?)").run(checkpoints)
  old.prepare("INSERT INTO cursors VALUES ('empty', '0x01', '[]')").run()
  old.close()

  const database = openDatabase(path, CHAIN_MIGRATIONS)
  t.teardown(() => database.close())
  const journal = openJournal(database, CHAIN, alice.address)
  t.match(journal.find('done'), { state: 'mined', nonce: 0, hash: '0xaa', blockNumber: 7 })
  const [sent] = journal.open(10)
  t.match(sent, { idempotenceKey: 'sent', nonce: 1, intentDigest: '0xdd', state: 'pending' })
  t.ok(sent!.deadlineAtMs > clock.nowMs(), 'it is pursued until it is mined')
  t.match(journal.attempts(sent!.id), [
    { hash: '0xb1', raw: '0x01', maxFeeWei: 20n, kind: 'call' },
    { hash: '0xb2', raw: '0x02' },
  ])
  t.equal(journal.highestNonce(), 1)
  t.same(createDurableCursor(database, 'observer', '0x01').load(), [{ number: 2, hash: '0x02', logs: [] }])
  t.same(createDurableCursor(database, 'empty', '0x01').load(), [])
})

t.test('states change one way, and each change says whether it happened', async (t) => {
  const database = openDatabase(':memory:', CHAIN_MIGRATIONS)
  t.teardown(() => database.close())
  const journal = openJournal(database, CHAIN, alice.address)
  const id = journal.enqueue(intent('a'))
  t.throws(() => journal.enqueue(intent('a')), /UNIQUE/, 'one intent a key')
  t.notOk(journal.sign(id, 0, attempt('0x01', 'call', 1_000)), 'not at its deadline')
  journal.extend(id, 2_000)
  journal.extend(id, 500)
  t.ok(journal.sign(id, 0, attempt('0x01', 'call', 1_500)), 'the later deadline counts')
  t.notOk(journal.sign(id, 1, attempt('0x02')), 'once')
  t.notOk(journal.expireQueued(id), 'what is signed does not expire unsigned')
  t.notOk(journal.refuse(id, '{}'))
  journal.withdraw(id)
  t.equal(journal.get(id)?.state, 'pending')

  journal.release(id)
  t.match(journal.get(id), { state: 'queued', nonce: null, valueWei: 1n, maxCostWei: 5n })
  t.same(journal.attempts(id), [])
  journal.sign(id, 4, attempt('0x03'))
  journal.close(id, attempt('0x04', 'cancel'))
  journal.settle(id, 'expired', '0x04', 9)
  t.match(journal.find('a'), { state: 'expired', nonce: 4, hash: '0x04' })

  const again = journal.enqueue(intent('a'))
  t.equal(journal.find('a')?.id, again, 'a new life of the key')
  t.ok(journal.expireQueued(again))
  const third = journal.enqueue(intent('a'))
  t.equal(journal.find('a')?.id, third)
  t.equal(journal.get(again)?.state, 'expired', 'who waits for it still learns its end')
  journal.refuse(third, '{}')
  journal.enqueue({ ...intent('a'), createdAtMs: 3_600_001 })
  t.equal(journal.get(again), undefined, 'after an hour it is gone')
  t.equal(journal.get(id)?.state, 'expired', 'what had a nonce stays')
  t.equal(journal.highestNonce(), 4)

  t.same(
    journal.doubtful(9, 99, 10).map(({ id: doubtful }) => doubtful),
    [id],
  )
  t.same(journal.doubtful(10, 5, 10), [])
  journal.reopen(journal.get(id)!)
  t.match(journal.get(id), { state: 'closing', hash: null })
})

t.test('the queue is bounded', async (t) => {
  const database = openDatabase(':memory:', CHAIN_MIGRATIONS)
  const dead: Rpc = { request: () => new Promise(() => {}) }
  const sender = createSender(
    { chainId: 1, genesisHash: '0x01' },
    { signer: alice, rpc: dead, database, clock, logger },
  )
  t.teardown(() => database.close())
  const controller = new AbortController()
  const wave = createWave('many', MAX_QUEUED_INTENTS + 1)
  const outcomes = wave.map(({ intent: wanted, key }) =>
    sender.submit(wanted, { idempotenceKey: key, signal: controller.signal }).catch((error: unknown) => error),
  )
  t.match(await outcomes.at(-1), { code: 'BUSY', facts: { limit: MAX_QUEUED_INTENTS } })
  t.equal(sender.queued(), MAX_QUEUED_INTENTS)
  controller.abort(new Error('enough'))
  await Promise.all(outcomes)
  t.equal(sender.queued(), 0)
})

t.test('ladders are checked at once', async (t) => {
  const database = openDatabase(':memory:', CHAIN_MIGRATIONS)
  t.teardown(() => database.close())
  const open = () =>
    createSender(
      { chainId: 1, genesisHash: '0x01', feeStepsPercent: [5] },
      { signer: alice, rpc: { request: () => Promise.reject(new Error('unused')) }, database, clock, logger },
    )
  t.throws(open, { code: 'FEE_LADDER_INVALID', exitCode: 78, facts: { value: 5 } })
})
