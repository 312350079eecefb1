import { isWitanError } from '@witan/protocol'
import { CommanderError, Command as Program } from 'commander'
import { toJson } from '../output/json.js'
import { plainText } from '../output/plain-text.js'
import type { AnyCommand } from './command.js'
import type { CommandContext } from './context.js'
import { type Option, usageError } from './option.js'

const GROUPS: Readonly<Record<string, string>> = {
  chain: 'Run the embedded local chain',
  config: 'Show the options of a daemon and where they come from',
  dataset: 'Build, publish, check, correct, order and vote on data sets',
  fork: 'Leave with the state of a network: export, deploy, claim',
  gov: 'Propose, vote on, carry out and follow decisions',
  key: 'Make and list keystores',
  miner: 'Serve models',
  model: 'Train, measure, publish and vote on models and their policies',
  operator: 'Replace the operator keys of nodes',
  pay: 'Pay miners by channel; hand out and collect revenue',
  quote: 'Tell what something would cost, and what is to be expected of it',
  simulate: 'Calculate what would be',
  stake: 'Stake on nodes, move, claim and delegate',
  subnet: 'Create, look at, set and vote on subnets',
  validator: 'Score miners',
  watch: 'Find faults in receipts and follow accusations',
}

/** Longer lines are hard to read. */
const MAX_HELP_COLUMNS = 120

/** The whole command line from the list of commands. Parsing errors are thrown, never printed and exited on. */
export function buildProgram(commands: readonly AnyCommand[], context: CommandContext, version: string): Program {
  const program = configure(new Program('witan'), context)
    .description('A network of independent nodes that serve AI models, governed by the people who stake on them.')
    .version(version, '--version')
  const groups = new Map<string, Program>()
  for (const command of commands) {
    const name = command.path.at(-1)
    if (name === undefined) throw new Error('a command without a path')
    const parent = groupOf(program, command.path.slice(0, -1), groups, context)
    // `subnet gauge` is a command and the group of `subnet gauge point`.
    const made = addCommand(parent, name, command, context)
    groups.set(command.path.join(' '), made)
  }
  return program
}

function groupOf(
  root: Program,
  path: readonly string[],
  groups: Map<string, Program>,
  context: CommandContext,
): Program {
  const name = path.at(-1)
  if (name === undefined) return root
  const key = path.join(' ')
  const known = groups.get(key)
  if (known !== undefined) return known
  const parent = groupOf(root, path.slice(0, -1), groups, context)
  const description = GROUPS[key]
  if (description === undefined) throw new Error(`the commands of ${key} have no description`)
  const made = configure(parent.command(name), context).description(description)
  groups.set(key, made)
  return made
}

function configure(program: Program, { terminal }: CommandContext): Program {
  const width = () => Math.min(terminal.columns, MAX_HELP_COLUMNS)
  return (
    program
      .exitOverride()
      // What follows a subcommand is the subcommand's.
      .enablePositionalOptions()
      .showSuggestionAfterError(true)
      .configureOutput({
        writeOut: (text) => terminal.out(text),
        // Only the help of an unfinished command comes this way: errors are thrown.
        writeErr: (text) => terminal.out(text),
        outputError: () => undefined,
        getOutHelpWidth: width,
        getErrHelpWidth: width,
      })
  )
}

function addCommand(parent: Program, name: string, command: AnyCommand, context: CommandContext): Program {
  const specs = Object.entries<Option<unknown>>(command.options)
  const required = specs.flatMap(([, { flags, required }]) => (required ? [flags] : []))
  const program = configure(parent.command(name), context)
    .summary(command.summary)
    .description(command.summary)
    .usage([...required, '[options]'].join(' '))
  for (const [key, spec] of specs) addOption(program, key, spec)
  if (command.render !== undefined) program.option('--json', 'print the result as JSON')
  if (command.examples.length > 0) {
    program.addHelpText('after', `\nExamples:\n${command.examples.map((line) => `  witan ${line}`).join('\n')}`)
  }
  program.action(async (parsed: Record<string, unknown>) => {
    const values = Object.fromEntries(specs.map(([key, spec]) => [key, parsed[attributeOf(spec)] ?? spec.initial]))
    const isJson = parsed.json === true
    const result = await command.run(values as never, isJson ? withoutPerson(context) : context)
    if (command.render === undefined) return
    const text = isJson ? toJson(result) : plainText(command.render(result, context, values as never))
    if (text !== '') context.terminal.out(text.endsWith('\n') ? text : `${text}\n`)
    const failure = command.failure?.(result)
    if (failure !== undefined) throw failure
  })
  return program
}

/** Whoever wants JSON is a program, even where it runs on a terminal. */
function withoutPerson(context: CommandContext): CommandContext {
  return { ...context, terminal: { ...context.terminal, interactive: false } }
}

function addOption(program: Program, key: string, spec: Option<unknown>): void {
  const option = program.createOption(spec.flags, spec.description)
  if (spec.parse !== undefined) option.argParser(namingOption(spec))
  if (spec.required) option.makeOptionMandatory()
  if (isWorthShowing(spec.initial)) option.default(spec.initial, String(spec.initial))
  if (option.attributeName() !== attributeOf(spec)) throw new Error(`option ${key} has no attribute`)
  program.addOption(option)
}

/** Parses like the option, and says in front of a complaint which option it is about. */
function namingOption({ flags, parse }: Option<unknown>) {
  return (text: string, previous: unknown): unknown => {
    try {
      return parse?.(text, previous)
    } catch (error) {
      if (!isWitanError(error, 'USAGE')) throw error
      throw usageError(`${flags.split(' ')[0]}: ${error.message}`, error.facts)
    }
  }
}

/** That a switch is off and a list empty goes without saying. */
function isWorthShowing(initial: unknown): boolean {
  return typeof initial === 'string' || typeof initial === 'number'
}

/** `--max-price <tokens>` → `maxPrice`, as commander names it. */
function attributeOf(spec: Option<unknown>): string {
  const long = /--([a-z0-9-]+)/.exec(spec.flags)?.[1]
  if (long === undefined) throw new Error(`option ${spec.flags} has no long name`)
  return long.replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

const EXIT_USAGE = 64

/**
 * How parsing ended without a command: with the exit status of a help or version that was printed, or with an error.
 * The help of an unfinished command (`witan`, `witan key`) is not what was wanted: it counts as a usage error.
 */
export function endOfParsing(thrown: unknown): { readonly exitCode: number } | { readonly error: unknown } {
  if (!(thrown instanceof CommanderError)) return { error: thrown }
  if (thrown.exitCode === 0) return { exitCode: 0 }
  if (thrown.code === 'commander.help') return { exitCode: EXIT_USAGE }
  const message = thrown.message.replace(/^error: /, '').replaceAll(/\s*\n\s*/g, ' ')
  return { error: usageError(message.replace(/\.$/, '')) }
}
