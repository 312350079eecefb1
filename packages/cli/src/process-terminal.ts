import { writeSync } from 'node:fs'
import type { Terminal } from './command/context.js'

/** A pipe has no width: nothing is cut. */
const NO_TERMINAL = Number.POSITIVE_INFINITY

/** The terminal, or what stands in for it, of this process. */
export function createProcessTerminal(process: NodeJS.Process): Terminal {
  const { stdin, stdout, stderr, env } = process
  const streams = { input: stdin, output: stderr }
  // A reader of stderr that has gone is not an error either.
  stderr.on('error', () => undefined)
  return {
    interactive: stdin.isTTY === true && stdout.isTTY === true && !env.CI,
    columns: stdout.columns ?? NO_TERMINAL,
    out: (text) => writeAll(1, text),
    note: (line) => {
      stderr.write(`${line}\n`)
    },
    // Loaded with the first question: most commands ask none.
    async confirm(message) {
      const { confirm } = await import('@clack/prompts')
      return (await confirm({ message, initialValue: false, ...streams })) === true
    },
    async choose(message, choices) {
      const { isCancel, select } = await import('@clack/prompts')
      const options = choices.map((label, value) => ({ label, value }))
      const answer = await select<number>({ message, options, ...streams })
      return isCancel(answer) ? undefined : answer
    },
    async ask(message, complaint) {
      const { isCancel, text } = await import('@clack/prompts')
      const answer = await text({ message, validate: (line = '') => complaint(line.trim()), ...streams })
      return isCancel(answer) ? undefined : answer.trim()
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
