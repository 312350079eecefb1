import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** Starts a server script in its own process and waits for the one line of JSON it prints when it listens. */
export async function startServer(script, args = []) {
  const child = spawn(process.execPath, [...profilingFlags(), new URL(script, import.meta.url).pathname, ...args], {
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
  return { ...ready, stop }
}

/** A profile of this process is worth little without one of the servers. */
function profilingFlags() {
  return process.execArgv.filter((flag) => flag.startsWith('--cpu-prof'))
}
