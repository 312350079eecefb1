import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { openDatabase } from '../src/index.js'

const FIRST = 'CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, data BLOB) STRICT'
const SECOND = "ALTER TABLE item ADD COLUMN amount TEXT NOT NULL DEFAULT '0'; CREATE INDEX item_name ON item (name)"

t.test('statements and transactions', async (t) => {
  const database = openDatabase(':memory:', [FIRST, SECOND])
  t.teardown(() => database.close())
  const insert = database.prepare<[string, Uint8Array | null]>('INSERT INTO item (name, data) VALUES (?, ?)')
  const byName = database.prepare<{ name: string }, { id: number; name: string; data: Uint8Array }>(
    'SELECT id, name, data FROM item WHERE name = @name',
  )
  const all = database.prepare<[], { name: string }>('SELECT name FROM item ORDER BY id')
  const names = () => all.all().map(({ name }) => name)

  t.same(insert.run('a', new Uint8Array([1, 2])), { changes: 1, lastInsertRowid: 1 })
  t.same(Buffer.from(byName.get({ name: 'a' })!.data), Buffer.from([1, 2]))
  t.equal(byName.get({ name: 'b' }), undefined)

  t.equal(
    database.transaction(() => {
      insert.run('b', null)
      t.throws(() =>
        database.transaction(() => {
          insert.run('inner', null)
          throw new Error('inner fails')
        }),
      )
      return 'result'
    }),
    'result',
  )
  t.same(names(), ['a', 'b'], 'a nested transaction rolls back alone')
  t.throws(
    () =>
      database.transaction(() => {
        insert.run('c', null)
        insert.run('a', null)
      }),
    { code: 'SQLITE_CONSTRAINT_UNIQUE' },
  )
  t.same([...all.iterate()].length, 2)
  t.throws(() => database.transaction(async () => undefined), { name: 'TypeError' })
  t.throws(() => database.prepare('SELECT nothing'), { code: 'SQLITE_ERROR' })
})

t.test('migrations', async (t) => {
  const path = join(t.testdir(), 'new', 'folder', 'state.db')
  const first = openDatabase(path, [FIRST])
  first.prepare<[string]>('INSERT INTO item (name) VALUES (?)').run('kept')
  first.close()
  first.close()

  const second = openDatabase(path, [FIRST, SECOND], { durability: 'full' })
  t.same(second.prepare('SELECT name, amount FROM item').all(), [{ name: 'kept', amount: '0' }])
  t.same(second.prepare('PRAGMA journal_mode').get(), { journal_mode: 'wal' })
  t.same(second.prepare('PRAGMA synchronous').get(), { synchronous: 2 })
  t.same(second.prepare('PRAGMA foreign_keys').get(), { foreign_keys: 1 })
  second.close()

  t.throws(() => openDatabase(path, [FIRST]), {
    code: 'DATABASE_NEWER',
    exitCode: 78,
    facts: { path, version: 2, known: 1 },
  })
  t.throws(() => openDatabase(path, [FIRST, SECOND, 'CREATE TABLE added (id); CREATE TABEL slip (id)']), {
    code: 'SQLITE_ERROR',
  })
  const unchanged = openDatabase(path, [FIRST, SECOND])
  t.same(unchanged.prepare("SELECT name FROM sqlite_schema WHERE name = 'added'").all(), [], 'all steps or none')
  unchanged.close()
})

t.test('what can be wrong with the file', { timeout: 30_000 }, async (t) => {
  const folder = t.testdir({ 'text.db': 'this is not a database '.repeat(100), plain: '' })
  t.throws(() => openDatabase(join(folder, 'text.db'), [FIRST]), {
    code: 'DATABASE_CORRUPT',
    exitCode: 65,
    facts: { path: join(folder, 'text.db') },
  })
  t.throws(() => openDatabase(folder, [FIRST]), { code: 'DATABASE_UNAVAILABLE', exitCode: 69 })
  t.throws(() => openDatabase(join(folder, 'plain', 'state.db'), [FIRST]), { code: 'DATABASE_UNAVAILABLE' })

  const damaged = join(folder, 'damaged.db')
  const database = openDatabase(damaged, [FIRST])
  const insert = database.prepare<[string]>('INSERT INTO item (name) VALUES (?)')
  for (let row = 0; row < 500; row++) insert.run(`row ${row} ${'x'.repeat(40)}`)
  database.close()
  const file = openSync(damaged, 'r+')
  writeSync(file, Buffer.alloc(4096, 0xa5), 0, 4096, 2 * 4096)
  closeSync(file)
  t.throws(() => openDatabase(damaged, [FIRST]), { code: 'DATABASE_CORRUPT' })
})

t.test('another process that writes', { timeout: 30_000 }, async (t) => {
  const path = join(t.testdir(), 'state.db')
  openDatabase(path, [FIRST]).close()
  const holder = spawn(
    process.execPath,
    [fileURLToPath(new URL('./fixtures/hold-database.js', import.meta.url)), path],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  t.teardown(() => holder.kill('SIGKILL'))
  await once(holder.stdout, 'data')
  const database = openDatabase(path, [FIRST], { busyTimeoutMs: 10 })
  const insert = database.prepare<[string]>('INSERT INTO item (name) VALUES (?)')
  t.throws(() => insert.run('mine'), { code: 'DATABASE_LOCKED', exitCode: 75, facts: { path } })
  const exited = once(holder, 'exit')
  holder.kill('SIGKILL')
  await exited
  insert.run('mine')
  t.same(database.prepare('SELECT name FROM item').all(), [{ name: 'mine' }], 'what was not committed is gone')
  database.close()
})
