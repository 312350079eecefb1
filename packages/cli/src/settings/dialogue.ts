import { WitanError } from '@witan/protocol'
import type { CommandContext } from '../command/context.js'
import { asPositiveAmount } from '../command/parse.js'
import { formatTokens } from '../output/numbers.js'

/** Questions with answers that hold; leaving one ends the dialogue. */
export interface Dialogue {
  say(text: string): void
  /** One of the choices, by the line that shows it. */
  choose<T>(question: string, choices: readonly T[], lines: readonly string[]): Promise<T>
  /** What a line means; a line that `read` refuses is asked for again with its message. */
  line<T>(question: string, read: (line: string) => T): Promise<T>
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
    async choose(question, choices, lines) {
      return choices[answered(question, await terminal.choose(question, lines))]!
    },
    async line(question, read) {
      return read(answered(question, await terminal.ask(question, (line) => complaint(() => read(line)))))
    },
    async amount(question, max) {
      const asked = `${question} [up to ${formatTokens(max, 18)}, or all]`
      return amountOf(answered(asked, await terminal.ask(asked, (line) => complaintAbout(line, max))), max)
    },
  }
}

const amountOf = (line: string, max: bigint) => (line.toLowerCase() === 'all' ? max : asPositiveAmount(line))

function complaintAbout(line: string, max: bigint): string | undefined {
  try {
    return amountOf(line, max) <= max ? undefined : `that is more than ${formatTokens(max, 18)}`
  } catch (error) {
    return (error as Error).message
  }
}

/** The message of what is refused, in a line. */
function complaint(read: () => unknown): string | undefined {
  try {
    read()
    return undefined
  } catch (error) {
    return ((error as { shortMessage?: string }).shortMessage ?? (error as Error).message).split('\n')[0]
  }
}

function answered<T>(question: string, answer: T | undefined): T {
  if (answer !== undefined) return answer
  throw new WitanError('NOT_CONFIRMED', 'The question was not answered', { facts: { question } })
}
