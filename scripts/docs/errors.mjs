import { ERROR_CATALOG } from '../../packages/protocol/dist/src/index.js'
import { code, page, table } from './markdown.mjs'

const STATUSES = [
  [0, 'done'],
  [1, 'a check was made and failed: what was to be the same differs'],
  [64, 'usage: the command line is wrong'],
  [65, 'bad data: an input or an answer is wrong'],
  [69, 'unavailable: something needed does not answer'],
  [70, 'internal: a bug; a stack is printed when it has no code'],
  [75, 'try again: it may work later'],
  [77, 'not permitted'],
  [78, 'configuration: an option, a file or the network file is wrong'],
  [79, 'do not restart: for `RestartPreventExitStatus` of systemd'],
]

const INTRO = `Every error that the program prints begins with one of these codes: \`CODE: what happened (fact=value, …). What to do next.\`
Codes are permanent. The number is the exit status of a command that ends with the error; between nodes only the code travels.`

export function errorsPage() {
  const codes = Object.keys(ERROR_CATALOG).sort()
  return page('Errors', INTRO, [
    '## Exit statuses',
    table(['status', 'meaning'], STATUSES),
    'A process ended by a signal has 128 plus the number of the signal.',
    '## Codes',
    table(
      ['code', 'exit', 'what happened', 'what to do'],
      codes.map((name) => {
        const { exit, title, cure } = ERROR_CATALOG[name]
        return [code(name), exit, title, cure]
      }),
    ),
  ])
}
