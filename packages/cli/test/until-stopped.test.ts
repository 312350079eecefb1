import { WitanError } from '@witan/protocol'
import { createLogger, createService, type Service } from '@witan/runtime'
import t from 'tap'
import { untilStopped } from '../src/daemon/until-stopped.js'
import { recordedContext } from './support/run.js'

const logger = createLogger({ name: 'test', level: 'silent' })

function setting(steps: Partial<{ start(signal: AbortSignal): Promise<void>; stop(): Promise<void> }> = {}) {
  const calls: string[] = []
  const service: Service = createService({
    async start(signal) {
      calls.push('start')
      await steps.start?.(signal)
    },
    async stop() {
      calls.push('stop')
      await steps.stop?.()
    },
  })
  const stop = new AbortController()
  const failure = new AbortController()
  const { context, stdout } = recordedContext({ signal: stop.signal })
  const running = untilStopped({ stopWithStdin: false, failure: failure.signal }, { service, context, logger }, () => ({
    port: 7,
  }))
  return { calls, stop, failure, stdout, running }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

t.test('says once that it is ready, then runs until the signal', async (t) => {
  const { calls, stop, stdout, running } = setting()
  await turn()
  t.equal(stdout(), '{"port":7}\n')
  t.strictSame(calls, ['start'])
  stop.abort()
  await running
  t.strictSame(calls, ['start', 'stop'])
})

t.test('a part that fails by itself ends it with that error', async (t) => {
  const { calls, failure, running } = setting()
  await turn()
  failure.abort(new WitanError('EMBEDDED_CHAIN_FAILED', 'gone'))
  await t.rejects(running, { code: 'EMBEDDED_CHAIN_FAILED' })
  t.strictSame(calls, ['start', 'stop'])
})

t.test('a start that fails is never ready', async (t) => {
  const { calls, stdout, running } = setting({ start: () => Promise.reject(new WitanError('PORT_BUSY', 'busy')) })
  await t.rejects(running, { code: 'PORT_BUSY' })
  t.strictSame(calls, ['start'])
  t.equal(stdout(), '')
})

t.test('a signal during the start ends the start', async (t) => {
  const { stop, stdout, running } = setting({
    start: (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  })
  await turn()
  stop.abort()
  await running
  t.equal(stdout(), '', 'and it was never ready')
})
