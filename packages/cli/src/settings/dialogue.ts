import { WitanError } from '@witan/protocol'
import type { CommandContext, Terminal } from '../command/context.js'
import { asPositiveAmount } from '../command/parse.js'
import { formatTokens } from '../output/numbers.js'

/** Questions with answers that hold; a wrong one is asked again, an empty one ends the dialogue. */
export interface Dialogue {
  say(text: string): void
  /** One of the choices, by its number from 1. */
  choose<T>(question: string, choices: readonly T[]): Promise<T>
  /** Wei of tokens, at most `max`; `all` is `max`. */
  amount(question: string, max: bigint): Promise<bigint>
}

/** Throws `TERMINAL_NEEDED` where nobody could answer. */
export function openDialogue({ terminal }: Pick<CommandContext, 'terminal'>, instead: string): Dialogue {
  if (!terminal.interactive) {
    throw new WitanError('TERMINAL_NEEDED', 'The command asks questions and nobody is there to answer', {
      facts: { instead },
    })
  }
  return {
    say(text) {
      for (const line of text.split('\n')) terminal.note(line)
    },
    choose: (question, choices) =>
      untilAnswered(terminal, `${question} [1-${choices.length}]`, (line) => {
        const choice = /^\d{1,4}$/.test(line) ? choices[Number(line) - 1] : undefined
        return choice ?? `a number from 1 to ${choices.length}, please`
      }) as Promise<(typeof choices)[number]>,
    amount: (question, max) =>
      untilAnswered(terminal, `${question} [up to ${formatTokens(max, 18)}, or all]`, (line) => {
        if (line.toLowerCase() === 'all') return max
        try {
          const amount = asPositiveAmount(line)
          return amount <= max ? amount : `that is more than ${formatTokens(max, 18)}`
        } catch (error) {
          return (error as Error).message
        }
      }),
  }
}

/** `read` gives the value, or as a text what is wrong with the line. */
async function untilAnswered<T>(terminal: Terminal, question: string, read: (line: string) => T | string): Promise<T> {
  for (;;) {
    const line = await terminal.ask(question)
    if (line === '') throw new WitanError('NOT_CONFIRMED', 'The question was not answered', { facts: { question } })
    const value = read(line)
    if (typeof value !== 'string') return value
    terminal.note(value)
  }
}
