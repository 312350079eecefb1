import { createService, type Service } from './service.js'

/**
 * One service out of several: starts them in order and stops them in reverse. If one fails to start, those before it are
 * stopped again; a failure to stop does not keep the others from stopping.
 */
export function composeServices(services: readonly Service[]): Service {
  let started: Service[] = []

  const stop = async () => {
    const stopping = started.reverse()
    started = []
    const errors: unknown[] = []
    for (const service of stopping) {
      try {
        await service.stop()
      } catch (error) {
        errors.push(error)
      }
    }
    if (errors.length === 1) throw errors[0]
    if (errors.length > 1) throw new AggregateError(errors, `${errors.length} services failed to stop`)
  }

  const start = async (signal: AbortSignal) => {
    try {
      for (const service of services) {
        signal.throwIfAborted()
        await startUnlessAborted(service, signal)
        started.push(service)
      }
    } catch (error) {
      await stop().catch(() => undefined)
      throw error
    }
  }

  return createService({ start, stop })
}

async function startUnlessAborted(service: Service, signal: AbortSignal): Promise<void> {
  const onAbort = () => void service.stop().catch(() => undefined)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    await service.start()
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
