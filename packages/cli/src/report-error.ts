import { isWitanError } from '@witan/protocol'
import type { Terminal } from './command/context.js'

const EXIT_BUG = 70

/** Tells on stderr what went wrong and returns the exit status: an operator's mistake is one line, a bug is a stack. */
export function reportError(error: unknown, { note }: Pick<Terminal, 'note'>): number {
  if (isWitanError(error)) {
    note(oneLine(error.toLine()))
    return error.exitCode
  }
  note(error instanceof Error ? `${error.stack}` : String(error))
  return EXIT_BUG
}

/** Facts may hold what an option, a file or another machine said: no line breaks, nothing that drives a terminal. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')
}
