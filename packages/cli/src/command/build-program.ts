import { CommanderError, Command as Program } from 'commander'
import { toJson } from '../output/json.js'
import type { AnyCommand } from './command.js'
import type { CommandContext } from './context.js'
import { type Option, usageError } from './option.js'

const NOUNS: Readonly<Record<string, string>> = {
  chain: 'the embedded local chain',
  config: 'the options of a daemon and where they come from',
  key: 'keystores',
  miner: 'serve a model',
  simulate: 'what-if calculations',
  stake: 'stake on nodes',
  subnet: 'subnets',
  validator: 'score miners',
}

/** The whole command line from the list of commands. Parsing errors are thrown, never printed and exited on. */
export function buildProgram(commands: readonly AnyCommand[], context: CommandContext, version: string): Program {
  const program = configure(new Program('witan'), context)
    .description('A network of independent nodes that serve AI models, governed by the people who stake on them.')
    .version(version, '--version')
  const nouns = new Map<string, Program>()
  for (const command of commands) {
    const [noun, verb] = command.path
    if (noun === undefined) throw new Error('a command without a path')
    if (verb === undefined) {
      addCommand(program, noun, command, context)
      continue
    }
    const parent = nouns.get(noun) ?? configure(program.command(noun), context).description(NOUNS[noun] ?? noun)
    nouns.set(noun, parent)
    addCommand(parent, verb, command, context)
  }
  return program
}

function configure(program: Program, context: CommandContext): Program {
  return program
    .exitOverride()
    .showSuggestionAfterError(true)
    .configureOutput({
      writeOut: (text) => context.terminal.out(text),
      writeErr: () => undefined,
      outputError: () => undefined,
    })
}

function addCommand(parent: Program, name: string, command: AnyCommand, context: CommandContext): void {
  const program = configure(parent.command(name), context).summary(command.summary).description(command.summary)
  for (const [key, spec] of Object.entries<Option<unknown>>(command.options)) addOption(program, key, spec)
  if (command.render !== undefined) program.option('--json', 'print the result as JSON', false)
  if (command.examples.length > 0) {
    program.addHelpText('after', `\nExamples:\n${command.examples.map((line) => `  witan ${line}`).join('\n')}`)
  }
  program.action(async (parsed: Record<string, unknown>) => {
    const values = Object.fromEntries(
      Object.entries<Option<unknown>>(command.options).map(([key, spec]) => [key, parsed[attributeOf(spec)]]),
    )
    const result = await command.run(values as never, context)
    if (command.render === undefined) return
    const text = parsed.json === true ? toJson(result) : command.render(result, context)
    if (text !== '') context.terminal.out(text.endsWith('\n') ? text : `${text}\n`)
  })
}

function addOption(program: Program, key: string, spec: Option<unknown>): void {
  const option = program.createOption(spec.flags, spec.description)
  if (spec.parse !== undefined) option.argParser(spec.parse)
  if (spec.required) option.makeOptionMandatory()
  if (spec.initial !== undefined) option.default(spec.initial, describeDefault(spec.initial))
  if (option.attributeName() !== attributeOf(spec)) throw new Error(`option ${key} has no attribute`)
  program.addOption(option)
}

function describeDefault(value: unknown): string | undefined {
  if (value === false || (Array.isArray(value) && value.length === 0)) return undefined
  return String(value)
}

/** `--max-price <tokens>` → `maxPrice`, as commander names it. */
function attributeOf(spec: Option<unknown>): string {
  const long = /--([a-z0-9-]+)/.exec(spec.flags)?.[1]
  if (long === undefined) throw new Error(`option ${spec.flags} has no long name`)
  return long.replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

/** Commander's own endings as ours: help and version are not errors, everything else is a usage error. */
export function fromCommander(error: unknown): unknown {
  if (!(error instanceof CommanderError)) return error
  if (error.exitCode === 0 || error.code === 'commander.help') return undefined
  return usageError(error.message.replace(/^error: /, '').replaceAll(/\s*\n\s*/g, ' '))
}
