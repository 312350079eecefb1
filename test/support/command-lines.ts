// Command lines in documents, held against the commands as values.
interface Option {
  readonly flags: string
  readonly required: boolean
}

interface Command {
  readonly path: readonly string[]
  readonly options: Readonly<Record<string, Option>>
  readonly render?: unknown
}

// The command is a program, not a library: it exports nothing, so its values are read from where they are built.
const { COMMANDS } = (await import(
  new URL('../../../packages/cli/dist/src/commands/index.js', import.meta.url).href
)) as { COMMANDS: readonly Command[] }

const FROM_CHECKOUT = /^npm (?:run -s witan|start) -- /

/** The words after `witan`, or undefined when the line runs something else; what redirects its output is left out. */
export function commandLineOf(line: string): string[] | undefined {
  const bare = line.replace(/^([A-Z_]+=\S+ )+/, '')
  const command = bare.replace(FROM_CHECKOUT, (prefix) => (prefix.startsWith('npm start') ? 'witan up ' : 'witan '))
  if (!command.startsWith('witan ')) return undefined
  return command
    .replace(/ [>|].*$/, '')
    .split(/\s+/)
    .slice(1)
}

/** What is wrong with the line: `complete` ones also need their required options. */
export function checkCommandLine(words: string[] | undefined, kind: 'complete' | 'mentioned'): string[] {
  if (words === undefined || !/^[a-z-]+$/.test(words[0] ?? '') || words[0]?.startsWith('--')) return []
  const line = `witan ${words.join(' ')}`
  // `subnet gauge` is a command and the beginning of another: the longest path is meant.
  const command = COMMANDS.filter(({ path }) => path.every((word, index) => words[index] === word))
    .sort((a, b) => b.path.length - a.path.length)
    .at(0)
  const isNoun = COMMANDS.some(({ path }) => path[0] === words[0]) && (words.length === 1 || words[1] === '--help')
  if (command === undefined) return isNoun ? [] : [`${line}: no such command`]
  const given = words.filter((word) => word.startsWith('--'))
  const known = new Map(
    Object.values(command.options).map((option) => [/--[a-z0-9-]+/.exec(option.flags)?.[0], option]),
  )
  const unknown = given.filter(
    (flag) => !known.has(flag) && flag !== '--help' && !(flag === '--json' && command.render),
  )
  const missing = [...known].filter(([flag, { required }]) => required && !given.includes(flag ?? ''))
  return [
    ...unknown.map((flag) => `${line}: no option ${flag}`),
    ...(kind === 'complete' && !given.includes('--help') ? missing.map(([flag]) => `${line}: needs ${flag}`) : []),
  ]
}
