import type { WitanError } from '@witan/protocol'
import type { CommandContext } from './context.js'
import type { Options, Values } from './option.js'

/** A command as a value: the parser, the help, the reference page and other commands all use this one. */
export interface Command<O extends Options = Options, Result = unknown> {
  /** `['stake', 'add']`. */
  readonly path: readonly string[]
  readonly summary: string
  readonly options: O
  /** Complete command lines, without `witan`. */
  readonly examples: readonly string[]
  run(options: Values<O>, context: CommandContext): Promise<Result>
  /**
   * The result for a person. Absent: the command prints nothing of its own. A command that has it also takes `--json`
   * and then prints the result itself, bigints as decimal strings.
   */
  readonly render?: (result: Result, context: CommandContext, options: Values<O>) => string
  /** The error that a result amounts to: the command ends with it once the result is printed. */
  readonly failure?: (result: Result) => WitanError | undefined
}

export const defineCommand = <const O extends Options, Result>(command: Command<O, Result>): Command<O, Result> =>
  command

/** The registry's element type: a command whose options were erased. */
// biome-ignore lint/suspicious/noExplicitAny: a list of commands holds unlike option types
export type AnyCommand = Command<any, any>
