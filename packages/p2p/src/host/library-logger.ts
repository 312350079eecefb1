import { format } from 'node:util'
import type { ComponentLogger, Logger as LibraryLogger } from '@libp2p/interface'
import type { Logger } from '@witan/runtime'

const ignore = () => {}

/**
 * The library's log lines hold what peers said, so even its errors are debug lines here. Below that level the functions
 * do nothing: formatting a line for every frame costs a fifth of the throughput.
 */
export function createLibraryLogger(logger: Logger): ComponentLogger {
  return { forComponent: (scope) => createScope(logger, scope) }
}

function createScope(logger: Logger, scope: string): LibraryLogger {
  const write = (level: 'debug' | 'trace') => {
    if (!logger.isLevelEnabled(level)) return ignore
    return (formatter: unknown, ...details: unknown[]) =>
      logger[level]({ scope, detail: format(formatter, ...details.map(String)) }, 'libp2p')
  }
  return Object.assign(write('trace'), {
    error: write('debug'),
    trace: write('trace'),
    enabled: logger.isLevelEnabled('trace'),
    newScope: (name: string) => createScope(logger, `${scope}:${name}`),
  })
}
