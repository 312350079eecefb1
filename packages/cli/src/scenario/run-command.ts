import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { WitanError } from '@witan/protocol'
import type { CommandContext } from '../command/context.js'

const MAIN = fileURLToPath(new URL('../main.js', import.meta.url))
/** Kept of what a command says about a failure. */
const MAX_COMPLAINT = 2_000

/**
 * Runs a `witan` command as a process of its own, for work that would keep this one busy, and gives what it printed with
 * `--json`. Throws `SCENARIO_COMMAND_FAILED`.
 */
export async function runCommand<Result>(
  args: readonly string[],
  { env, directory, signal }: CommandContext,
): Promise<Result> {
  const child = spawn(process.execPath, [MAIN, ...args, '--json'], {
    cwd: directory,
    env,
    signal,
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
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code === 0) return JSON.parse(printed) as Result
  throw new WitanError('SCENARIO_COMMAND_FAILED', 'A command of the scenario failed', {
    facts: { command: args.slice(0, 2).join(' '), status: code ?? 'a signal', complaint: complaint.trim() },
  })
}
