import { WitanError } from '@witan/protocol'
import type { Deadline } from './clock.js'
import type { StartTimer } from './timer.js'

/**
 * A signal with a timer of its own instead of `AbortSignal.any([AbortSignal.timeout(ms), parent])`: that one cannot be
 * freed early, so a busy node would hold one timer a request until each ran out.
 */
export function createDeadline(startTimer: StartTimer, ms: number, parent?: AbortSignal): Deadline {
  const controller = new AbortController()
  if (parent?.aborted) {
    controller.abort(parent.reason)
    return Object.assign(controller.signal, { [Symbol.dispose]: () => {} })
  }
  const onParentAbort = () => {
    cancel()
    controller.abort(parent?.reason)
  }
  const onTime = () => {
    parent?.removeEventListener('abort', onParentAbort)
    controller.abort(
      new WitanError('DEADLINE_EXCEEDED', 'The operation took longer than its deadline', { facts: { timeoutMs: ms } }),
    )
  }
  const cancel = startTimer(ms, onTime, { keepAlive: false })
  parent?.addEventListener('abort', onParentAbort, { once: true })
  const dispose = () => {
    cancel()
    parent?.removeEventListener('abort', onParentAbort)
  }
  return Object.assign(controller.signal, { [Symbol.dispose]: dispose })
}
