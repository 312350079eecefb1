import { writeSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import type { Terminal } from './command/context.js'

/** A pipe has no width: nothing is cut. */
const NO_TERMINAL = Number.POSITIVE_INFINITY

/** The terminal, or what stands in for it, of this process. */
export function createProcessTerminal(process: NodeJS.Process): Terminal {
  const { stdin, stdout, stderr, env } = process
  // A reader of stderr that has gone is not an error either.
  stderr.on('error', () => undefined)
  const ask = async (question: string) => {
    const lines = createInterface({ input: stdin, output: stderr })
    try {
      return (await lines.question(`${question} `)).trim()
    } finally {
      lines.close()
    }
  }
  return {
    interactive: stdin.isTTY === true && stdout.isTTY === true && !env.CI,
    columns: stdout.columns ?? NO_TERMINAL,
    out: (text) => writeAll(1, text),
    note: (line) => {
      stderr.write(`${line}\n`)
    },
    ask,
    async confirm(question) {
      return /^y(es)?$/i.test(await ask(`${question} [y/N]`))
    },
  }
}

/** Synchronous, so that nothing is cut off when the process exits; a reader that has gone is not an error. */
function writeAll(descriptor: number, text: string): void {
  const bytes = Buffer.from(text)
  let written = 0
  while (written < bytes.length) {
    try {
      written += writeSync(descriptor, bytes, written)
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code
      if (code === 'EAGAIN') continue
      if (code === 'EPIPE') return
      throw error
    }
  }
}
