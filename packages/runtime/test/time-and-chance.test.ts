import { WitanError } from '@witan/protocol'
import t from 'tap'
import { createManualClock, createSeededRandom, retry, systemClock, systemRandom } from '../src/index.js'

t.test('manual clock', async (t) => {
  t.test('runs what falls due in order and lets promises settle in between', async (t) => {
    const clock = createManualClock(1_000)
    const seen: string[] = []
    clock.schedule(30, () => seen.push(`c@${clock.nowMs()}`))
    clock.schedule(10, () => seen.push(`a@${clock.nowMs()}`))
    const chained = clock.sleep(20).then(async () => {
      seen.push(`b@${clock.nowMs()}`)
      await clock.sleep(5)
      seen.push(`b2@${clock.nowMs()}`)
    })
    const cancel = clock.schedule(15, () => seen.push('cancelled'))
    cancel()
    await clock.advance(40)
    await chained
    t.same(seen, ['a@1010', 'b@1020', 'b2@1025', 'c@1030'])
    t.equal(clock.nowMs(), 1_040)
    t.equal(clock.monotonicMs(), 40)
    t.equal(clock.pending(), 0)
  })

  t.test('a sleep rejects with the reason of its signal and leaves no timer', async (t) => {
    const clock = createManualClock()
    const controller = new AbortController()
    const slept = clock.sleep(1_000, controller.signal)
    const reason = new Error('enough')
    controller.abort(reason)
    await t.rejects(slept, reason)
    await t.rejects(clock.sleep(1, controller.signal), reason)
    t.equal(clock.pending(), 0)
  })
})

t.test('deadlines', async (t) => {
  t.test('abort with a coded error at their time', async (t) => {
    const clock = createManualClock()
    const deadline = clock.timeout(100, new AbortController().signal)
    await clock.advance(99)
    t.equal(deadline.aborted, false)
    await clock.advance(1)
    t.ok(deadline.reason instanceof WitanError)
    t.match(deadline.reason, { code: 'DEADLINE_EXCEEDED', exitCode: 75, facts: { timeoutMs: 100 } })
  })

  t.test('pass the reason of the parent on, before or after their creation', async (t) => {
    const clock = createManualClock()
    const parent = new AbortController()
    const deadline = clock.timeout(100, parent.signal)
    const reason = new Error('stopped')
    parent.abort(reason)
    t.equal(deadline.reason, reason)
    using late = clock.timeout(100, parent.signal)
    t.equal(late.reason, reason)
    t.equal(clock.pending(), 0)
  })

  t.test('free their timer when disposed', async (t) => {
    const clock = createManualClock()
    let kept: AbortSignal
    {
      using deadline = clock.timeout(100)
      kept = deadline
      t.equal(clock.pending(), 1)
    }
    t.equal(clock.pending(), 0)
    await clock.advance(200)
    t.equal(kept.aborted, false)
  })
})

t.test('system clock', async (t) => {
  const beforeMs = systemClock.monotonicMs()
  await systemClock.sleep(2)
  t.ok(systemClock.monotonicMs() > beforeMs)
  t.ok(Math.abs(systemClock.nowMs() - Date.now()) < 1_000)

  const order: string[] = []
  const cancelLong = systemClock.schedule(2 ** 40, () => order.push('34 years'))
  await new Promise<void>((resolve) => systemClock.schedule(1, resolve))
  cancelLong()
  t.same(order, [], 'a delay beyond 32 bits does not fire at once')

  const deadline = systemClock.timeout(1)
  await new Promise((resolve) => {
    // The deadline itself does not hold the process: this timer does.
    const guard = setInterval(() => undefined, 1_000)
    deadline.addEventListener('abort', () => resolve(clearInterval(guard)))
  })
  t.match(deadline.reason, { code: 'DEADLINE_EXCEEDED' })
})

t.test('seeded random', async (t) => {
  t.test('is the same on every machine and in every version', async (t) => {
    // printf witan | sha256sum gives the key; openssl enc -aes-256-ctr of zeros under it gives the bytes.
    const random = createSeededRandom('witan')
    t.equal(Buffer.from(random.bytes(16)).toString('hex'), '481d3b2093191a5c9ca6ec47173db50a')
    t.same([random.nextUint32(), random.below(100), random.float()], [664842054, 97, 0.6864183559711882])
    t.same(random.shuffle([1, 2, 3, 4, 5, 6]), [5, 6, 3, 1, 4, 2])
  })

  t.test('does not depend on how the bytes are asked for', async (t) => {
    const whole = createSeededRandom(new Uint8Array([1, 2])).bytes(5_000)
    const random = createSeededRandom(new Uint8Array([1, 2]))
    const parts = [1, 1_022, 0, 2, 3_975].map((length) => random.bytes(length))
    t.same(Buffer.concat(parts), Buffer.from(whole))
    t.notSame(createSeededRandom(new Uint8Array([1, 3])).bytes(16), whole.subarray(0, 16))
  })

  t.test('draws evenly, within bounds', async (t) => {
    const random = createSeededRandom('even')
    const counts = [0, 0, 0]
    for (let draw = 0; draw < 30_000; draw++) counts[random.below(3)]!++
    // Four standard deviations of a binomial with n = 30,000 and p = 1/3 are 327.
    for (const count of counts) t.ok(Math.abs(count - 10_000) < 327, `count ${count}`)
    t.equal(random.below(1), 0)
    t.ok(random.below(2 ** 32) >= 0)
    for (const bound of [0, -1, 1.5, 2 ** 32 + 1]) t.throws(() => random.below(bound), RangeError)
    const float = random.float()
    t.ok(float >= 0 && float < 1)
    const items = Object.freeze(['a', 'b', 'c', 'd'])
    t.same(random.shuffle(items).sort(), items)
  })

  t.notSame(systemRandom.bytes(16), systemRandom.bytes(16))
})

t.test('retry', async (t) => {
  const random = createSeededRandom('retry')
  const failing = (failures: number, attempts: number[]) => async (attempt: number) => {
    attempts.push(attempt)
    if (attempt <= failures) throw new Error(`failure ${attempt}`)
    return 'done'
  }
  const options = { attempts: 4, baseDelayMs: 100, maxDelayMs: 250 }

  t.test('goes on until it succeeds, with growing pauses', async (t) => {
    const clock = createManualClock()
    const attempts: number[] = []
    const result = retry(failing(3, attempts), options, { clock, random })
    await clock.advance(100)
    t.same(attempts, [1, 2])
    await clock.advance(200 + 250)
    t.equal(await result, 'done')
    t.same(attempts, [1, 2, 3, 4])
  })

  t.test('rejects with the last failure', async (t) => {
    const clock = createManualClock()
    const result = retry(failing(9, []), options, { clock, random })
    const rejected = t.rejects(result, { message: 'failure 4' })
    await clock.advance(1_000)
    await rejected
  })

  t.test('does not try again what is not worth it', async (t) => {
    const attempts: number[] = []
    const modules = { clock: createManualClock(), random }
    await t.rejects(retry(failing(9, attempts), { ...options, shouldRetry: () => false }, modules), {
      message: 'failure 1',
    })
    t.same(attempts, [1])
  })

  t.test('ends with the reason of the signal, in a run or in a pause', async (t) => {
    const clock = createManualClock()
    const controller = new AbortController()
    const result = retry(failing(9, []), options, { clock, random, signal: controller.signal })
    await clock.advance(1)
    controller.abort(new Error('stopped'))
    await t.rejects(result, { message: 'stopped' })
    t.equal(clock.pending(), 0)
  })
})
