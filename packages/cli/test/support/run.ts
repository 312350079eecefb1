import { systemClock, systemRandom } from '@witan/runtime'
import { buildProgram, endOfParsing } from '../../src/command/build-program.js'
import type { CommandContext } from '../../src/command/context.js'
import { COMMANDS } from '../../src/commands/index.js'

export interface ContextOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly directory?: string
  readonly columns?: number
  readonly signal?: AbortSignal
  /** The answer of the person at the terminal; nobody is there when absent. */
  readonly answer?: boolean
  /** What the person at the terminal answers: a line, or the number of a choice from 1; an empty one leaves. */
  readonly lines?: readonly string[]
  /** Told of everything that goes to stdout. */
  onOut?(text: string): void
}

export interface Recorded {
  readonly context: CommandContext
  stdout(): string
  readonly questions: string[]
  readonly notes: string[]
}

/** A context of real time and chance whose terminal is kept in memory. */
export function recordedContext(options: ContextOptions = {}): Recorded {
  const { env = {}, directory = '/nonexistent', columns = 120, signal = new AbortController().signal, answer } = options
  const lines = [...(options.lines ?? [])]
  let stdout = ''
  const questions: string[] = []
  const notes: string[] = []
  const nextLine = (question: string) => {
    const line = lines.shift()
    if (line === undefined) throw new Error(`nobody answers: ${question}`)
    return line
  }
  const terminal = {
    interactive: answer !== undefined || options.lines !== undefined,
    columns,
    out: (text: string) => {
      stdout += text
      options.onOut?.(text)
    },
    note: (line: string) => {
      notes.push(line)
    },
    confirm: async (question: string) => {
      questions.push(question)
      return answer === true
    },
    choose: async (question: string, choices: readonly string[]) => {
      questions.push(question)
      notes.push(...choices)
      const line = nextLine(question)
      return line === '' ? undefined : Number(line) - 1
    },
    ask: async (question: string, complaint: (line: string) => string | undefined) => {
      for (;;) {
        questions.push(question)
        const line = nextLine(question)
        const wrong = line === '' ? undefined : complaint(line)
        if (wrong === undefined) return line === '' ? undefined : line
        notes.push(wrong)
      }
    },
  }
  const context = { env, directory, clock: systemClock, random: systemRandom, signal, terminal }
  return { context, stdout: () => stdout, questions, notes }
}

/** Runs a command line in this process. Rejects as the command does; a help or version ends well. */
export async function run(args: readonly string[], options: ContextOptions = {}) {
  const { context, stdout, questions, notes } = recordedContext(options)
  let exitCode = 0
  try {
    await buildProgram(COMMANDS, context, '1.2.3').parseAsync(['node', 'witan', ...args])
  } catch (thrown) {
    const end = endOfParsing(thrown)
    if ('error' in end) throw end.error
    exitCode = end.exitCode
  }
  return { stdout: stdout(), exitCode, questions, notes }
}

/** The result of a command as a program reads it. */
export async function runJson(args: readonly string[], options: ContextOptions = {}) {
  return JSON.parse((await run([...args, '--json'], options)).stdout)
}
