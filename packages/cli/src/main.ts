#!/usr/bin/env node
import { systemClock, systemRandom } from '@witan/runtime'
import { buildProgram, endOfParsing } from './command/build-program.js'
import { COMMANDS } from './commands/index.js'
import { VERSION } from './daemon/software.js'
import { createProcessTerminal } from './process-terminal.js'
import { reportError } from './report-error.js'
import { stopSignal } from './stop-signal.js'

const terminal = createProcessTerminal(process)
const stop = stopSignal(process)
process.on('uncaughtException', (error) => process.exit(reportError(error, terminal)))

try {
  const context = {
    env: process.env,
    directory: process.cwd(),
    clock: systemClock,
    random: systemRandom,
    signal: stop.signal,
    terminal,
  }
  await buildProgram(COMMANDS, context, VERSION).parseAsync(process.argv)
  process.exit()
} catch (thrown) {
  const end = endOfParsing(thrown)
  if ('exitCode' in end) process.exit(end.exitCode)
  // What the user has cut short needs no explanation.
  const wasCut = end.error instanceof DOMException && end.error.name === 'AbortError'
  process.exit((wasCut ? stop.exitCode() : undefined) ?? reportError(end.error, terminal))
}
