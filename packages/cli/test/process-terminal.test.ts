// The terminal of a process, with keys pressed on it.
import { PassThrough } from 'node:stream'
import t from 'tap'
import { createProcessTerminal } from '../src/process-terminal.js'

const ENTER = '\r'
const DOWN = '\u001b[B'
const BACKSPACE = '\u007f'
const CTRL_C = '\u0003'

const asTerminal = (stream: PassThrough) => Object.assign(stream, { isTTY: true, columns: 80, rows: 24 })

/** A person who presses `keys` once a question is shown. */
function personAt(env: NodeJS.ProcessEnv, isTTY = true) {
  const stdin = Object.assign(asTerminal(new PassThrough()), { isTTY, setRawMode: () => stdin })
  const [stdout, stderr] = [asTerminal(new PassThrough()), asTerminal(new PassThrough())]
  let shown = ''
  let keys: string[] = []
  stderr.setEncoding('utf8').on('data', (text: string) => {
    shown += text
    // One key for each picture: what is pressed before a prompt listens belongs to nobody.
    const key = keys.shift()
    if (key !== undefined) setImmediate(() => stdin.write(key))
  })
  return {
    terminal: createProcessTerminal({ stdin, stdout, stderr, env } as unknown as NodeJS.Process),
    press: (...pressed: string[]) => {
      keys = pressed
    },
    shown: () => shown,
    written: () => stdout.read() as unknown,
  }
}

t.test('choices, lines and yes or no, on stderr', async (t) => {
  const { terminal, press, shown, written } = personAt({})
  t.equal(terminal.interactive, true)
  press(DOWN, ENTER)
  t.equal(await terminal.choose('Which?', ['one', 'two']), 1)
  press('x', ENTER, BACKSPACE, '7', ENTER)
  t.equal(await terminal.ask('How many?', (line) => (/^\d+$/.test(line) ? undefined : 'no number')), '7')
  t.match(shown(), /Which\?[\s\S]*one[\s\S]*two[\s\S]*How many\?[\s\S]*no number/)
  press('y')
  t.equal(await terminal.confirm('Sure?'), true)
  press(ENTER)
  t.equal(await terminal.confirm('Sure?'), false, 'no, unless one says yes')
  t.equal(written(), null, 'stdout is for data')
})

t.test('Ctrl-C leaves a question', async (t) => {
  const { terminal, press } = personAt({})
  press(CTRL_C)
  t.equal(await terminal.choose('Which?', ['one']), undefined)
  press(CTRL_C)
  t.equal(await terminal.ask('How many?', () => undefined), undefined)
  press(CTRL_C)
  t.equal(await terminal.confirm('Sure?'), false)
})

t.test('nobody is there in CI and at the end of a pipe', async (t) => {
  t.equal(personAt({ CI: 'true' }).terminal.interactive, false)
  t.equal(personAt({}, false).terminal.interactive, false)
})
