/** A part of a process. Building one does nothing; `start` and `stop` are explicit and idempotent. */
export interface Service {
  start(): Promise<void>
  /** Ends a start in progress too. A stopped service can be started again. */
  stop(): Promise<void>
}

export interface ServiceSteps {
  /** `signal` aborts when `stop` is called before the start has finished. */
  start(signal: AbortSignal): Promise<void> | void
  /** Called once for each start that succeeded. */
  stop(): Promise<void> | void
}

interface Run {
  readonly controller: AbortController
  readonly started: Promise<void>
  stopped?: Promise<void>
}

/** Makes a service out of two plain functions: repeated and concurrent calls share one start and one stop. */
export function createService(steps: ServiceSteps): Service {
  let run: Run | undefined

  const begin = (): Run => {
    const controller = new AbortController()
    const started = Promise.resolve().then(() => steps.start(controller.signal))
    return { controller, started }
  }

  const end = async (ending: Run) => {
    ending.controller.abort(new DOMException('The service was stopped', 'AbortError'))
    try {
      const succeeded = await ending.started.then(
        () => true,
        () => false,
      )
      if (succeeded) await steps.stop()
    } finally {
      if (run === ending) run = undefined
    }
  }

  return {
    async start() {
      await run?.stopped?.catch(() => undefined)
      run ??= begin()
      const starting = run
      try {
        await starting.started
      } catch (error) {
        if (run === starting && starting.stopped === undefined) run = undefined
        throw error
      }
    },
    async stop() {
      if (run === undefined) return
      run.stopped ??= end(run)
      await run.stopped
    },
  }
}
