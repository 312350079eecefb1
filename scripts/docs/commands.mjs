import { COMMANDS } from '../../packages/cli/dist/src/commands/index.js'
import { block, code, page, table } from './markdown.mjs'

const INTRO = `In a checkout \`npm run -s witan -- ARGUMENTS\` runs a command; installed, it is \`witan ARGUMENTS\`. Data goes to stdout, progress and errors go to stderr.
\`--json\` prints the result as JSON: money as decimal strings in wei, fractions as numbers of 1. \`--help\` of any command prints what stands here.
Amounts on the command line are in tokens (\`12\` or \`0.5\`), durations have a unit (\`15s\`, \`10m\`, \`2h\`, \`7d\`).`

const JSON_OPTION = { flags: '--json', description: 'print the result as JSON', required: false }

export function commandsPage() {
  return page('Commands', INTRO, [
    table(
      ['command', 'what it does'],
      COMMANDS.map(({ path, summary }) => [`[${path.join(' ')}](#witan-${path.join('-')})`, summary]),
    ),
    ...COMMANDS.flatMap(section),
  ])
}

function section({ path, summary, options, examples, render }) {
  const all = [...Object.values(options), ...(render === undefined ? [] : [JSON_OPTION])]
  return [
    `## witan ${path.join(' ')}`,
    /[.?]$/.test(summary) ? summary : `${summary}.`,
    table(
      ['option', 'meaning', 'default'],
      all.map((option) => [code(option.flags), option.description, defaultOf(option)]),
    ),
    ...(examples.length === 0
      ? []
      : [
          block(
            'sh',
            examples.map((line) => `witan ${line}`),
          ),
        ]),
  ]
}

function defaultOf({ flags, required, initial }) {
  if (required) return '**required**'
  if (flags.includes('<duration>') && initial !== undefined) return code(`${initial}s`)
  if (Array.isArray(initial)) return 'may be repeated'
  return initial === undefined || initial === false ? '' : code(initial)
}
