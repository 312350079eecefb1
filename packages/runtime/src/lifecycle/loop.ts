import type { Logger } from '../observe/logger.js'
import type { Clock } from '../time/clock.js'
import { createService, type Service } from './service.js'

export interface LoopOptions {
  readonly name: string
  /** Pause between the end of one run and the beginning of the next, milliseconds. */
  readonly intervalMs: number
  /** One run; `signal` aborts when the loop stops. */
  run(signal: AbortSignal): Promise<void> | void
  /** What to do with a failed run instead of a warning in the log. */
  onError?: (error: unknown) => void
}

export interface LoopModules {
  readonly clock: Clock
  readonly logger: Logger
}

export interface Loop extends Service {
  /** Ends the pause, or skips the one after the run under way. */
  wake(): void
  /** Runs that ended, well or not. */
  runs(): number
  /** Runs that failed; a run ended by the stop is not a failure. */
  failures(): number
}

/** Repeats `run`, the first time at once, never two at a time; a failed run is counted and the loop goes on. */
export function createLoop(options: LoopOptions, { clock, logger }: LoopModules): Loop {
  let controller = new AbortController()
  let ended: Promise<void> = Promise.resolve()
  let runs = 0
  let failures = 0
  let isWoken = false
  let endPause = () => {}

  const pause = (signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      const end = () => {
        cancel()
        signal.removeEventListener('abort', end)
        isWoken = false
        endPause = () => {}
        resolve()
      }
      const cancel = clock.schedule(options.intervalMs, end)
      signal.addEventListener('abort', end, { once: true })
      endPause = end
      if (isWoken || signal.aborted) end()
    })

  const report =
    options.onError ?? ((error: unknown) => logger.warn({ loop: options.name, err: error }, 'background run failed'))

  const repeat = async (signal: AbortSignal) => {
    while (!signal.aborted) {
      try {
        await options.run(signal)
      } catch (error) {
        if (!signal.aborted) {
          failures++
          report(error)
        }
      }
      runs++
      await pause(signal)
    }
  }

  const service = createService({
    start() {
      controller = new AbortController()
      ended = repeat(controller.signal)
    },
    async stop() {
      controller.abort(new DOMException(`The loop ${options.name} was stopped`, 'AbortError'))
      await ended
    },
  })
  const wake = () => {
    isWoken = true
    endPause()
  }
  return { ...service, wake, runs: () => runs, failures: () => failures }
}
