import { constants } from 'node:os'

export interface StopSignal {
  /** Aborts on the first SIGINT or SIGTERM so that the process can end in order; the second ends it at once. */
  readonly signal: AbortSignal
  /** 128 and the number of the signal, as shells count; undefined before one came. */
  exitCode(): number | undefined
}

export function stopSignal(process: NodeJS.Process): StopSignal {
  const controller = new AbortController()
  let exitCode: number | undefined
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (exitCode !== undefined) process.exit(exitCode)
      exitCode = 128 + constants.signals[name]
      controller.abort(new DOMException(`The process got ${name}`, 'AbortError'))
    })
  }
  return { signal: controller.signal, exitCode: () => exitCode }
}
