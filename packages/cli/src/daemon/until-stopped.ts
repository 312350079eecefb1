import type { Logger, Service } from '@witan/runtime'
import type { CommandContext } from '../command/context.js'

export interface StopOptions {
  /** Whoever started this process holds the other end of its standard input. */
  readonly stopWithStdin: boolean
  /** Aborts with the error when a part of the service ended by itself. */
  readonly failure?: AbortSignal
}

export interface StopModules {
  readonly service: Service
  readonly context: CommandContext
  readonly logger: Logger
}

/**
 * Runs a service until a signal, the end of standard input or its own failure. Once it is ready, `facts` go to stdout as
 * one line of JSON: whoever started the process waits for it. Rejects with the failure.
 */
export async function untilStopped(
  { stopWithStdin, failure }: StopOptions,
  { service, context, logger }: StopModules,
  facts: () => object,
): Promise<void> {
  const ended = new AbortController()
  if (stopWithStdin) {
    process.stdin
      .on('end', () => ended.abort())
      .on('error', () => ended.abort())
      .resume()
  }
  const stop = AbortSignal.any([context.signal, ended.signal, ...(failure === undefined ? [] : [failure])])
  const onStop = () => void service.stop().catch((err: unknown) => logger.error({ err }, 'stopping failed'))
  stop.addEventListener('abort', onStop, { once: true })
  try {
    await service.start()
    if (!stop.aborted) {
      context.terminal.out(`${JSON.stringify(facts())}\n`)
      await new Promise((resolve) => stop.addEventListener('abort', resolve, { once: true }))
    }
  } catch (error) {
    if (!stop.aborted) throw error
  } finally {
    stop.removeEventListener('abort', onStop)
    await service.stop()
  }
  if (failure?.aborted) throw failure.reason
  logger.info('stopped')
}
