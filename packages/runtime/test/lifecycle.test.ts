import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import {
  acquireLock,
  composeServices,
  createLimiter,
  createLockService,
  createLogger,
  createLoop,
  createManualClock,
  createService,
  type Service,
} from '../src/index.js'

const logger = createLogger({ name: 'test', level: 'silent' })

function recorded(name: string, log: string[], fail: { start?: boolean; stop?: boolean } = {}): Service {
  return createService({
    start() {
      if (fail.start) throw new Error(`${name} does not start`)
      log.push(`+${name}`)
    },
    stop() {
      log.push(`-${name}`)
      if (fail.stop) throw new Error(`${name} does not stop`)
    },
  })
}

t.test('services', async (t) => {
  t.test('start in order, stop in reverse, once each', async (t) => {
    const log: string[] = []
    const service = composeServices([recorded('a', log), recorded('b', log)])
    await Promise.all([service.start(), service.start()])
    await Promise.all([service.stop(), service.stop()])
    await service.stop()
    t.same(log, ['+a', '+b', '-b', '-a'])
    await service.start()
    await service.stop()
    t.equal(log.length, 8, 'starts again after a stop')
  })

  t.test('a failed start stops those before it and can be tried again', async (t) => {
    const log: string[] = []
    const fail = { start: true }
    const service = composeServices([recorded('a', log), recorded('b', log, fail), recorded('c', log)])
    await t.rejects(service.start(), { message: 'b does not start' })
    t.same(log, ['+a', '-a'])
    fail.start = false
    await service.start()
    await service.stop()
    t.same(log.slice(2), ['+a', '+b', '+c', '-c', '-b', '-a'])
  })

  t.test('a failed stop does not keep the others from stopping', async (t) => {
    const log: string[] = []
    const fail = { stop: true }
    const service = composeServices([recorded('a', log), recorded('b', log, fail), recorded('c', log, fail)])
    await service.start()
    await t.rejects(service.stop(), { errors: [{ message: 'c does not stop' }, { message: 'b does not stop' }] })
    t.same(log.slice(3), ['-c', '-b', '-a'])
  })

  t.test('a stop ends a start in progress', async (t) => {
    const log: string[] = []
    const waiting = createService({
      start: (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
      stop: () => void log.push('never'),
    })
    const service = composeServices([recorded('a', log), waiting])
    const started = t.rejects(service.start(), { name: 'AbortError' })
    await new Promise(setImmediate)
    await service.stop()
    await started
    t.same(log, ['+a', '-a'])
  })
})

t.test('loop', async (t) => {
  t.test('runs at once and then at intervals, never overlapping, and counts failures', async (t) => {
    const clock = createManualClock()
    const startedAt: number[] = []
    const loop = createLoop(
      {
        name: 'poll',
        intervalMs: 100,
        async run() {
          startedAt.push(clock.nowMs())
          await clock.sleep(50)
          if (startedAt.length === 2) throw new Error('RPC is down')
        },
      },
      { clock, logger },
    )
    await clock.advance(100)
    t.same(startedAt, [], 'nothing before the start')
    await loop.start()
    await clock.advance(400)
    t.same(startedAt, [100, 250, 400])
    t.same([loop.runs(), loop.failures()], [3, 1])
    await loop.stop()
    await clock.advance(1_000)
    t.equal(startedAt.length, 3)
    t.equal(clock.pending(), 0)
  })

  t.test('waking ends the pause, or skips the next one', async (t) => {
    const clock = createManualClock()
    const startedAt: number[] = []
    const run = async () => {
      startedAt.push(clock.nowMs())
      await clock.sleep(10)
    }
    const loop = createLoop({ name: 'woken', intervalMs: 100, run }, { clock, logger })
    loop.wake()
    await loop.start()
    await clock.advance(5)
    loop.wake()
    await clock.advance(40)
    t.same(startedAt, [0, 10], 'woken during a run, it runs once more')
    loop.wake()
    await clock.advance(5)
    t.same(startedAt, [0, 10, 45])
    await clock.advance(120)
    t.same(startedAt, [0, 10, 45, 155], 'then at intervals again')
    await loop.stop()
    loop.wake()
    t.equal(clock.pending(), 0)
  })

  t.test('a stop aborts the run under way and waits for it; that is not a failure', async (t) => {
    const clock = createManualClock()
    const errors: unknown[] = []
    const loop = createLoop(
      { name: 'long', intervalMs: 1, run: (signal) => clock.sleep(1_000_000, signal), onError: (e) => errors.push(e) },
      { clock, logger },
    )
    await loop.start()
    await loop.stop()
    t.same([loop.runs(), loop.failures(), errors.length], [1, 0, 0])
  })
})

t.test('limiter', async (t) => {
  const gate = () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    return { promise, open: resolve }
  }

  t.test('runs so many at a time, first come first served, and refuses beyond the queue', async (t) => {
    const limiter = createLimiter({ concurrency: 2, queue: 2 })
    const gates = [gate(), gate(), gate(), gate()]
    const order: number[] = []
    const tasks = gates.map(({ promise }, index) =>
      limiter.run(async () => {
        order.push(index)
        await promise
        return index
      }),
    )
    await new Promise(setImmediate)
    t.same(order, [0, 1])
    t.same([limiter.active(), limiter.waiting()], [2, 2])
    await t.rejects(
      limiter.run(() => 'late'),
      { code: 'BUSY', exitCode: 75, facts: { concurrency: 2, queue: 2 } },
    )
    gates[1]!.open()
    await tasks[1]
    await new Promise(setImmediate)
    t.same(order, [0, 1, 2])
    for (const { open } of gates) open()
    t.same(await Promise.all(tasks), [0, 1, 2, 3])
    t.same([limiter.active(), limiter.waiting()], [0, 0])
  })

  t.test('an abort gives up the place in the queue; a failure frees the place', async (t) => {
    const limiter = createLimiter({ concurrency: 1, queue: 1 })
    const first = gate()
    const running = limiter.run(() => first.promise)
    const controller = new AbortController()
    const waiting = limiter.run(() => t.fail('must not run'), controller.signal)
    controller.abort(new Error('gone'))
    await t.rejects(waiting, { message: 'gone' })
    t.equal(limiter.waiting(), 0)
    await t.rejects(
      limiter.run(() => t.fail('must not run'), controller.signal),
      { message: 'gone' },
    )
    first.open()
    await running
    await t.rejects(
      limiter.run(() => {
        throw new Error('task failed')
      }),
      { message: 'task failed' },
    )
    t.equal(await limiter.run(() => 7), 7)
  })
})

t.test('process lock', { timeout: 30_000 }, async (t) => {
  const path = join(t.testdir(), 'data', 'lock')

  t.test('is exclusive and can be taken again after its release', async (t) => {
    const lock = acquireLock(path)
    t.throws(() => acquireLock(path), {
      code: 'ALREADY_RUNNING',
      exitCode: 79,
      facts: { lock: path, pid: process.pid },
    })
    lock.release()
    lock.release()
    acquireLock(path).release()
    const service = createLockService(path)
    await service.start()
    await t.rejects(createLockService(path).start(), { code: 'ALREADY_RUNNING' })
    await service.stop()
    acquireLock(path).release()
  })

  t.test('names its holder and ends with it, even by kill -9', async (t) => {
    const program = fileURLToPath(new URL('./fixtures/hold-lock.js', import.meta.url))
    const holder = spawn(process.execPath, ['--expose-gc', program, path], { stdio: ['ignore', 'pipe', 'inherit'] })
    t.teardown(() => holder.kill('SIGKILL'))
    await once(holder.stdout, 'data')
    t.throws(() => acquireLock(path), { code: 'ALREADY_RUNNING', facts: { pid: holder.pid } })
    const exited = once(holder, 'exit')
    holder.kill('SIGKILL')
    await exited
    acquireLock(path).release()
  })

  t.test('a file that is no lock is reported, not destroyed', async (t) => {
    const folder = t.testdir({
      lock: 'some text that is long enough to be taken for a header, which it is not'.repeat(20),
    })
    t.throws(() => acquireLock(join(folder, 'lock')), { code: 'DATABASE_CORRUPT' })
  })
})
