/** Starts a one-shot timer and returns its cancel. An idle (`keepAlive: false`) timer does not hold the process. */
export type StartTimer = (ms: number, run: () => void, options: { keepAlive: boolean }) => () => void

/** setTimeout keeps its delay in a signed 32-bit integer: a longer one would fire at once. */
const LONGEST_DELAY_MS = 2 ** 31 - 1

export const startSystemTimer: StartTimer = (ms, run, { keepAlive }) => {
  let timer: NodeJS.Timeout
  const arm = (remainingMs: number) => {
    timer =
      remainingMs > LONGEST_DELAY_MS
        ? setTimeout(() => arm(remainingMs - LONGEST_DELAY_MS), LONGEST_DELAY_MS)
        : setTimeout(run, remainingMs)
    if (!keepAlive) timer.unref()
  }
  arm(ms)
  return () => clearTimeout(timer)
}
