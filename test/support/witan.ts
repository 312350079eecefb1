import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../../packages/cli/dist/src/main.js', import.meta.url))
const COMMAND_DEADLINE_MS = 60_000

export interface Finished {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** The environment of a user's shell, without what this machine happens to set for the product. */
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('WITAN_')))

/** Runs one command to its end. */
export function witan(
  args: readonly string[],
  { cwd = process.cwd(), env = {} as Record<string, string> } = {},
): Promise<Finished> {
  return new Promise((resolve) => {
    const options = { cwd, env: { ...environment, ...env }, timeout: COMMAND_DEADLINE_MS, maxBuffer: 64 * 1024 * 1024 }
    execFile(process.execPath, [MAIN, ...args], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1
      resolve({ code, stdout, stderr })
    })
  })
}

/** A command that runs until it is stopped. */
export interface Running {
  readonly child: ChildProcess
  /** Resolves with the first match of `pattern` in stderr. */
  saw(pattern: RegExp, deadlineMs: number): Promise<RegExpMatchArray>
  readonly ended: Promise<Finished>
}

export function startWitan(args: readonly string[], cwd: string): Running {
  const child = spawn(process.execPath, [MAIN, ...args], { cwd, env: environment, stdio: 'pipe' })
  let stdout = ''
  let stderr = ''
  const watchers = new Set<() => void>()
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    for (const watcher of watchers) watcher()
  })
  const ended = new Promise<Finished>((resolve) => {
    child.once('close', (code) => resolve({ code: code ?? -1, stdout, stderr }))
  })
  const saw = (pattern: RegExp, deadlineMs: number) =>
    within(
      deadlineMs,
      `${pattern} in stderr`,
      new Promise<RegExpMatchArray>((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(stderr)
          if (match === null) return
          watchers.delete(look)
          resolve(match)
        }
        watchers.add(look)
        void ended.then(({ code }) => reject(new Error(`the command ended with ${code}: ${stderr.slice(-2000)}`)))
        look()
      }),
    )
  return { child, saw, ended }
}

/** The promise, or an error that names what was waited for. */
export async function within<T>(deadlineMs: number, what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no ${what} within ${deadlineMs} ms`)), deadlineMs)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

/** Asks again until `check` gives a value. */
export function eventually<T>(what: string, deadlineMs: number, check: () => Promise<T | undefined>): Promise<T> {
  let over = false
  const ask = async (): Promise<T> => {
    for (;;) {
      const value = await check()
      if (value !== undefined || over) return value as T
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
  return within(deadlineMs, what, ask()).finally(() => {
    over = true
  })
}

/** Processes, `PID WORKING_FOLDER COMMAND`, that name this folder or work in it. */
export function processesOf(home: string): string[] {
  return readProcesses().filter((line) => line.includes(home))
}

function readProcesses(): string[] {
  return readdirNumbers('/proc').flatMap((pid) => {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
      return [`${pid} ${readlinkSync(`/proc/${pid}/cwd`)} ${command}`]
    } catch {
      return []
    }
  })
}

function readdirNumbers(folder: string): string[] {
  return readdirSync(folder).filter((name) => /^\d+$/.test(name))
}
