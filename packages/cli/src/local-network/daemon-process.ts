import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { WitanError } from '@witan/protocol'
import type { Clock } from '@witan/runtime'

const MAIN = fileURLToPath(new URL('../main.js', import.meta.url))

export interface DaemonOptions {
  readonly name: string
  /** The command line a user would type, without `witan`. */
  readonly args: readonly string[]
  readonly logFile: string
  readonly directory: string
  readonly readyMs: number
  readonly stopMs: number
}

export interface DaemonModules {
  readonly clock: Clock
  readonly env: Readonly<Record<string, string | undefined>>
}

/** A `witan` daemon as a process of its own. It ends when this process does, however this process ends. */
export interface DaemonProcess {
  readonly name: string
  readonly pid: number
  /** What the daemon printed when it was ready. */
  readonly facts: Readonly<Record<string, unknown>>
  /** Resolves when the process has ended, with how: `exit 0`, `SIGKILL`. */
  readonly ended: Promise<string>
  /** Asks it to end, and after a while makes it. */
  stop(): Promise<void>
}

/** Longest first line read; a status of one node has some hundred bytes. */
const MAX_FACTS_BYTES = 64 * 1024

/** Starts a daemon and waits until it is ready. Throws `LOCAL_NETWORK_FAILED` when it ends before or is too slow. */
export async function startDaemon(options: DaemonOptions, { clock, env }: DaemonModules): Promise<DaemonProcess> {
  const { name, logFile, readyMs, stopMs } = options
  mkdirSync(dirname(logFile), { recursive: true })
  const log = openSync(logFile, 'a')
  const child = spawn(process.execPath, [MAIN, ...options.args, '--stop-with-stdin'], {
    cwd: options.directory,
    env,
    // Its own process group: a Ctrl-C is for this process, which then stops the others in order.
    detached: true,
    stdio: ['pipe', 'pipe', log],
  })
  closeSync(log)
  child.stdin?.on('error', () => undefined)
  const ended = endOf(child)
  killWithThisProcess(child, ended)
  const stop = async () => {
    child.kill('SIGTERM')
    const cancel = clock.schedule(stopMs, () => void child.kill('SIGKILL'))
    await ended
    cancel()
  }
  using deadline = clock.timeout(readyMs)
  try {
    const facts = await Promise.race([firstLine(child, deadline), ended.then((how) => Promise.reject(new Error(how)))])
    return { name, pid: child.pid!, facts, ended, stop }
  } catch (cause) {
    await stop()
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new WitanError('LOCAL_NETWORK_FAILED', `${name} did not become ready`, {
      facts: { node: name, reason, log: logFile },
      cause,
    })
  }
}

const running = new Set<ChildProcess>()

/** A forced exit of this process must not leave a node behind that takes its time to drain. */
function killWithThisProcess(child: ChildProcess, ended: Promise<unknown>): void {
  if (running.size === 0) process.once('exit', killAll)
  running.add(child)
  void ended.then(() => {
    running.delete(child)
    if (running.size === 0) process.off('exit', killAll)
  })
}

function killAll(): void {
  for (const child of running) child.kill('SIGKILL')
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(signal ?? `exit ${code}`))
  })
}

function firstLine({ stdout }: ChildProcess, signal: AbortSignal): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    let text = ''
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    stdout?.setEncoding('utf8').on('data', (part: string) => {
      // Whatever comes after the first line is dropped, and the pipe never fills.
      if (text.includes('\n') || text.length > MAX_FACTS_BYTES) return
      text += part
      const end = text.indexOf('\n')
      if (end < 0) return
      try {
        resolve(JSON.parse(text.slice(0, end)))
      } catch (error) {
        reject(error)
      }
    })
  })
}
