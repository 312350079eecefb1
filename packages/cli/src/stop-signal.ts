import { constants } from 'node:os'

/** Aborts on the first SIGINT or SIGTERM so that the process can end in order; the second ends it at once. */
export function stopSignal(process: NodeJS.Process): AbortSignal {
  const controller = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(128 + constants.signals[name])
      controller.abort(new DOMException(`The process got ${name}`, 'AbortError'))
    })
  }
  return controller.signal
}
