import { type ChildProcess, spawn } from 'node:child_process'

/**
 * Waits on its standard input. A line means that all is well; the end of input without one means that the parent died,
 * however it died: then the chain is asked to end and, after five seconds, killed.
 */
const SCRIPT = `read -r _ && exit 0
kill -INT "$0" 2>/dev/null
i=0
while kill -0 "$0" 2>/dev/null && [ "$i" -lt 50 ]; do sleep 0.1; i=$((i + 1)); done
kill -KILL "$0" 2>/dev/null
rm -rf -- "$1"`

export interface Watchdog {
  readonly pid: number | undefined
  /** Call once the watched process has ended, so that its pid is never signalled again. */
  release(): void
}

/**
 * Ends process `pid` and removes its folder when this process dies, even by `kill -9`: a shell of its own session holds a
 * pipe from here.
 */
export function watchProcess(pid: number, folder: string): Watchdog {
  const shell: ChildProcess = spawn('/bin/sh', ['-c', SCRIPT, String(pid), folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  shell.on('error', () => {})
  shell.stdin?.on('error', () => {})
  shell.unref()
  return {
    pid: shell.pid,
    release: () => void shell.stdin?.end('done\n'),
  }
}
