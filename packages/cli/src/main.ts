#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { isWitanError } from '@witan/protocol'
import { systemClock, systemRandom } from '@witan/runtime'
import { buildProgram, fromCommander } from './command/build-program.js'
import { COMMANDS } from './commands/index.js'
import { createProcessTerminal } from './process-terminal.js'
import { stopSignal } from './stop-signal.js'

const EXIT_BUG = 70

const terminal = createProcessTerminal(process)
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))

try {
  const program = buildProgram(
    COMMANDS,
    {
      env: process.env,
      directory: process.cwd(),
      clock: systemClock,
      random: systemRandom,
      signal: stopSignal(process),
      terminal,
    },
    version,
  )
  await program.parseAsync(process.argv)
  process.exit()
} catch (thrown) {
  const error = fromCommander(thrown)
  if (error === undefined) process.exit(0)
  // An operator's mistake is one line; a bug is a stack.
  terminal.note(isWitanError(error) ? error.toLine() : error instanceof Error ? `${error.stack}` : String(error))
  process.exit(isWitanError(error) ? error.exitCode : EXIT_BUG)
}
