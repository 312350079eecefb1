import { isWorthSettling } from '@witan/chain'
import { createManualClock } from '@witan/runtime'
import t from 'tap'
import type { Duty, DutyResult } from '../src/epoch/duty.js'
import { createDutyRunner } from '../src/epoch/duty-runner.js'
import { challengePhase, commitPhase, isWithin, revealPhase, settlePhase, settleTurn } from '../src/epoch/phases.js'
import { SCHEDULE, START_SECONDS } from './support/chain.js'

t.test('phases of an epoch', async (t) => {
  const local = { startsAt: 0, endsAt: 15, revealEndsAt: 22, settleEndsAt: 30 }
  t.same(challengePhase(local), { from: 0, to: 12 })
  t.same(commitPhase(local), { from: 12, to: 15 })
  t.same(revealPhase(local), { from: 15, to: 22 })
  t.same(settlePhase(local), { from: 22, to: 30 })
  const long = { startsAt: 0, endsAt: 4_320, revealEndsAt: 5_400, settleEndsAt: 8_640 }
  t.same(commitPhase(long), { from: 4_260, to: 4_320 })
  t.notOk(isWithin(commitPhase(local), 15), 'the end is excluded')
  t.same(
    [0, 1, 2].map((position) => settleTurn(local, 0, position, 3)),
    [22, 23, 24],
  )
  t.same(
    [0, 1, 2].map((position) => settleTurn(local, 1, position, 3)),
    [23, 24, 22],
    'another one first each epoch',
  )
  t.equal(settleTurn(local, 5, 0, 0), 22)
  t.ok(isWorthSettling([0n, 1n]))
  t.notOk(isWorthSettling([0n, 0n]))
  t.notOk(isWorthSettling([]))
})

t.test('the duty runner', async (t) => {
  const clock = createManualClock()
  const results: (DutyResult | Error)[] = []
  const runs: number[] = []
  const errors: unknown[] = []
  const duty: Duty = {
    name: 'reveal',
    phase: revealPhase,
    async run({ epoch }) {
      runs.push(epoch)
      const result = results.shift() ?? 'done'
      if (result instanceof Error) throw result
      return result
    },
  }
  const onError = (_: Duty, __: number, error: unknown) => errors.push(error)
  const runner = createDutyRunner({ schedule: () => SCHEDULE, duties: [duty] }, { clock, onError })
  const { signal } = new AbortController()
  const tick = async (seconds: number) => {
    runner.tick(START_SECONDS + seconds, signal)
    await runner.whenIdle()
  }
  await tick(-1)
  await tick(14)
  t.same(runs, [], 'nothing is revealed before an epoch has ended')
  results.push({ notBefore: START_SECONDS + 16 }, new Error('endpoint down'))
  await tick(15)
  await tick(15)
  t.same(runs, [0], 'a duty may ask to wait')
  await tick(16)
  t.same(runs, [0, 0])
  t.equal(errors.length, 1)
  await tick(16)
  t.same(runs, [0, 0], 'a failure waits before it is tried again')
  await clock.advance(500)
  await tick(17)
  await tick(18)
  t.same(runs, [0, 0, 0], 'done is done')
  await tick(29)
  await tick(15 * 50 + 1)
  t.same(runs, [0, 0, 0, 49], 'epochs that ended meanwhile are never due')
})
