import type { StartTimer } from './timer.js'

export function sleep(startTimer: StartTimer, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const onAbort = () => {
      cancel()
      reject(signal?.reason)
    }
    const onTime = () => {
      signal?.removeEventListener('abort', onAbort)
      resolve()
    }
    const cancel = startTimer(ms, onTime, { keepAlive: true })
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}
