import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/**
 * Starts a server script in its own process and waits for the one line of JSON it prints when it listens. It is given the
 * flags of this process, so that `--cpu-prof` profiles both ends.
 */
export async function startServer(script, args = []) {
  const child = spawn(process.execPath, [...process.execArgv, new URL(script, import.meta.url).pathname, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exited = new Promise((resolve) => child.once('exit', resolve))
  const lines = createInterface({ input: child.stdout })
  const ready = await Promise.race([
    new Promise((resolve) => lines.once('line', (line) => resolve(JSON.parse(line)))),
    exited.then((code) => {
      throw new Error(`${script} ended with ${code} before it listened`)
    }),
  ])
  const stop = async () => {
    child.stdin.end()
    await exited
  }
  return { ...ready, processId: child.pid, stop }
}
