import t from 'tap'
import { createManualClock, createShelf } from '../src/index.js'

const turn = () => new Promise(setImmediate)

/** A shelf whose items are upper-case keys; keys in `missing` cannot be had. */
function shelfOf() {
  const clock = createManualClock(0)
  const missing = new Set<string>()
  const log: string[] = []
  const held = new Map<string, PromiseWithResolvers<void>>()
  const shelf = createShelf<string, string>({
    async obtain(key, signal) {
      log.push(`get ${key}`)
      await held.get(key)?.promise
      if (missing.has(key)) throw new Error(`no ${key}`)
      if (signal.aborted) log.push(`${key} too late`)
      return key.toUpperCase()
    },
    release: async (item) => void log.push(`let ${item} go`),
    onObtained: (key) => log.push(`got ${key}`),
    onError: (key, error) => log.push(`${key}: ${(error as Error).message}`),
    clock,
  })
  return { shelf, clock, missing, held, log: () => log.splice(0) }
}

t.test('what is wanted is obtained, what is not is released', async (t) => {
  const { shelf, log } = shelfOf()
  shelf.want(['a'])
  await turn()
  t.same(log(), [], 'nothing before the start')
  await shelf.start()
  await shelf.settled()
  t.same(log(), ['get a', 'got a'])
  t.equal(shelf.find('a'), 'A')
  shelf.want(['a', 'b'])
  await shelf.settled()
  shelf.want(['b'])
  await turn()
  t.same(log(), ['get b', 'got b', 'let A go'])
  t.equal(shelf.find('a'), undefined)
  await shelf.stop()
  t.same(log(), ['let B go'])
  await shelf.start()
  await shelf.settled()
  t.equal(shelf.find('b'), 'B', 'and has again what is wanted')
  await shelf.stop()
})

t.test('what cannot be had is tried again, later each time, and told each time', async (t) => {
  const { shelf, clock, missing, log } = shelfOf()
  missing.add('a')
  await shelf.start()
  shelf.want(['a', 'b'])
  await shelf.settled()
  t.same(log(), ['get a', 'get b', 'a: no a', 'got b'], 'the others are there')
  t.match(shelf.failure('a'), { message: 'no a' })
  await clock.advance(999)
  t.same(log(), [])
  await clock.advance(1)
  t.same(log(), ['get a', 'a: no a'])
  await clock.advance(1_999)
  t.same(log(), [])
  missing.delete('a')
  await clock.advance(1)
  t.same(log(), ['get a', 'got a'])
  t.equal(shelf.failure('a'), undefined)
  await shelf.stop()
  t.equal(clock.pending(), 0)
})

t.test('the pause is a minute at most, and ends when nobody wants it any more', async (t) => {
  const { shelf, clock, missing, log } = shelfOf()
  missing.add('a')
  await shelf.start()
  shelf.want(['a'])
  for (let attempt = 0; attempt < 12; attempt++) await clock.advance(60_000)
  t.ok(log().filter((line) => line === 'get a').length >= 12)
  shelf.want([])
  await clock.advance(120_000)
  t.same(log(), [])
  t.equal(clock.pending(), 0)
  await shelf.stop()
})

t.test('what comes after it was wanted is released, and a stop waits for it', async (t) => {
  const { shelf, held, log } = shelfOf()
  const gate = Promise.withResolvers<void>()
  held.set('a', gate)
  await shelf.start()
  shelf.want(['a'])
  let stopped = false
  const stopping = shelf.stop().then(() => {
    stopped = true
  })
  await turn()
  t.notOk(stopped)
  gate.resolve()
  await stopping
  t.same(log(), ['get a', 'a too late', 'let A go'])
})
