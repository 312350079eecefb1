import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { WitanError } from '@witan/protocol'
import type { CommandContext } from '../command/context.js'

const MAIN = fileURLToPath(new URL('../main.js', import.meta.url))
/** Kept of what a command says about a failure. */
const MAX_COMPLAINT = 2_000
/** Training takes a minute or three on two cores that do other things as well; ten times that is broken. */
const PATIENCE_MS = 30 * 60_000

/**
 * Runs a `witan` command as a process of its own, for work that would keep this one busy, and gives what it printed with
 * `--json`. It ends with the signal. Throws `SCENARIO_COMMAND_FAILED`, or `DEADLINE_EXCEEDED` after half an hour.
 */
export async function runCommand<Result>(
  args: readonly string[],
  { env, directory, clock, signal }: CommandContext,
): Promise<Result> {
  using deadline = clock.timeout(PATIENCE_MS, signal)
  const child = spawn(process.execPath, [MAIN, ...args, '--json'], {
    cwd: directory,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  let complaint = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    printed += part
  })
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    complaint = (complaint + part).slice(-MAX_COMPLAINT)
  })
  // What it was making is worth nothing half made.
  const kill = () => void child.kill('SIGKILL')
  deadline.addEventListener('abort', kill, { once: true })
  if (deadline.aborted) kill()
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  deadline.throwIfAborted()
  if (code === 0) return JSON.parse(printed) as Result
  throw new WitanError('SCENARIO_COMMAND_FAILED', 'A command of the scenario failed', {
    facts: { command: args.slice(0, 2).join(' '), status: code ?? 'a signal', complaint: complaint.trim() },
  })
}
