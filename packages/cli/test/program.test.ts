import t from 'tap'
import { buildProgram } from '../src/command/build-program.js'
import type { AnyCommand } from '../src/command/command.js'
import { usageError } from '../src/command/option.js'
import { COMMANDS } from '../src/commands/index.js'
import { recordedContext, run } from './support/run.js'

const USAGE = { code: 'USAGE', exitCode: 64 }
const nameOf = ({ path }: AnyCommand) => path.join(' ')
const has = (command: AnyCommand, option: string) => Object.hasOwn(command.options, option)

t.test('every command is complete', async (t) => {
  t.equal(new Set(COMMANDS.map(nameOf)).size, COMMANDS.length, 'no two share a path')
  for (const command of COMMANDS) {
    const name = nameOf(command)
    t.match(command.summary, /^[A-Z].*[^.]$/, `${name} has a summary`)
    t.ok(command.examples.length > 0, `${name} has an example`)
    for (const [key, option] of Object.entries<{ flags: string; description: string }>(command.options)) {
      t.match(option.flags, /^--[a-z][a-z-]*( <[^>]+>)?$/, `${name} ${key}`)
      t.not(option.description, '', `${name} ${key} is described`)
    }
    if (has(command, 'yes')) t.ok(has(command, 'dryRun'), `${name} sends, so it can be tried dry`)
    const runsUntilStopped = has(command, 'stopWithStdin')
    if (!runsUntilStopped) t.ok(command.render !== undefined || has(command, 'json'), `${name} prints JSON too`)
  }
})

t.test('help shows summary, options and examples', async (t) => {
  for (const command of COMMANDS) {
    const { stdout, exitCode } = await run([...command.path, '--help'])
    t.equal(exitCode, 0)
    t.ok(stdout.includes(command.summary), `${nameOf(command)}: summary`)
    for (const example of command.examples) t.ok(stdout.includes(`  witan ${example}\n`), example)
    for (const { flags } of Object.values<{ flags: string }>(command.options)) t.ok(stdout.includes(flags), flags)
    t.notMatch(stdout, /default: (false|\[\])/, 'nothing that goes without saying')
  }
  const root = await run(['--help'])
  for (const { path } of COMMANDS) t.match(root.stdout, new RegExp(`^  ${path[0]} `, 'm'))
  const narrow = await run(['stake', 'add', '--help'], { columns: 80 })
  const [, options = ''] = /^Options:\n([\s\S]*?)\n\n/m.exec(narrow.stdout) ?? []
  t.ok(Math.max(...options.split('\n').map(({ length }) => length)) <= 80, 'as wide as the terminal')
})

t.test('examples are command lines that parse', async (t) => {
  for (const command of COMMANDS) {
    for (const example of command.examples) {
      const [line = ''] = example.split(' > ')
      const words = line.replaceAll('0x…', `0x${'11'.repeat(20)}`).split(' ')
      // Asked for its help, a command is parsed and not run; an option it does not have is still an error.
      t.strictSame(words.slice(0, command.path.length), command.path, example)
      const known = Object.values<{ flags: string }>(command.options).map(({ flags }) => flags.split(' ')[0])
      const given = words.filter((word) => word.startsWith('--'))
      for (const flag of given) {
        t.ok(known.includes(flag) || (flag === '--json' && command.render !== undefined), `${example}: ${flag}`)
      }
      for (const { flags, required } of Object.values<{ flags: string; required: boolean }>(command.options)) {
        if (required) t.ok(given.includes(flags.split(' ')[0]!), `${example}: ${flags} is required`)
      }
    }
  }
})

t.test('an unfinished command shows its help and is a usage error, as with git', async (t) => {
  for (const args of [[], ['key']]) {
    const { stdout, exitCode } = await run(args)
    t.match(stdout, /^Usage: witan /)
    t.equal(exitCode, 64)
  }
  for (const args of [['help'], ['--help'], ['help', 'key'], ['key', 'help', 'new']]) {
    t.equal((await run(args)).exitCode, 0, args.join(' '))
  }
  t.strictSame(await run(['--version']), { stdout: '1.2.3\n', exitCode: 0, questions: [], notes: [] })
})

t.test('nobody is asked where the result is JSON, and output is plain text', async (t) => {
  const command: AnyCommand = {
    path: ['ask'],
    summary: 'Ask',
    options: {},
    examples: ['ask'],
    run: async (_, { terminal }) => ({ isAsked: terminal.interactive, said: '\u001b[2J' }),
    render: ({ isAsked, said }) => `${isAsked} ${said}`,
  }
  const out = async (...args: string[]) => {
    const { context, stdout } = recordedContext({ answer: true })
    await buildProgram([command], context, '1.2.3').parseAsync(['node', 'witan', 'ask', ...args])
    return stdout()
  }
  t.equal(await out(), 'true \ufffd[2J\n')
  t.match(JSON.parse(await out('--json')), { isAsked: false, said: '\u001b[2J' })
})

t.test('usage errors are coded, on one line, and name what was meant', async (t) => {
  const cases: [args: string[], message: RegExp][] = [
    [['metagrap'], /^unknown command 'metagrap' \(Did you mean metagraph\?\)$/],
    [['miner', 'strat'], /start/],
    [['status', '--jso'], /^unknown option '--jso' \(Did you mean --json\?\)$/],
    [['miner', 'start'], /^required option '--config <file>' not specified$/],
    [['status', 'now'], /^too many arguments for 'status'\. Expected 0 arguments but got 1: now$/],
    [['metagraph', '--netuid'], /^option '--netuid <netuid>' argument missing$/],
    [['metagraph', '--netuid', 'x'], /^--netuid: x is not a whole number from 1 to 65535$/],
    [['simulate', 'epoch', '--file', 'x', '--engine', 'js'], /^--engine: js is not one of ts, evm$/],
    [['subnet', 'create', '--set', 'liquidAlpha=2'], /liquidAlpha=2 is not of the form name=0 or name=1$/],
    [['chain', 'start', '--fund', '0x12'], /^--fund: 0x12 is not of the form ADDRESS=AMOUNT$/],
  ]
  for (const [args, message] of cases) await t.rejects(run(args), { ...USAGE, message }, args.join(' '))
  t.match(usageError('x').toLine(), /^USAGE: x\. Run the command with `--help`/)
})

t.test('options reach the command as values', async (t) => {
  const home = t.testdir({ keys: {} })
  t.equal((await run(['key', 'list', '--home', home])).stdout, 'NAME  ADDRESS  FILE\n')
  t.equal((await run(['key', 'list', '--home', home, '--json'])).stdout, '[]\n')
})
