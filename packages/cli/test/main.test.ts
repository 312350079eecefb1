// The program as a process: what a shell, a pipe and a signal see of it.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const MAIN = fileURLToPath(new URL('../src/main.js', import.meta.url))

t.setTimeout(60_000)

function witan(...args: string[]) {
  const child = spawn(process.execPath, [MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { HOME: '/nonexistent' },
  })
  t.teardown(() => void child.kill('SIGKILL'))
  return { child, ended: endOf(child) }
}

async function endOf(child: ChildProcess) {
  let stdout = ''
  let stderr = ''
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    stdout += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    stderr += text
  })
  const [code, signal] = await once(child, 'close')
  return { code, signal, stdout, stderr }
}

t.test('data on stdout, errors on stderr, in plain text', async (t) => {
  t.match(await witan('--version').ended, { code: 0, stdout: /^\d+\.\d+\.\d+\n$/, stderr: '' })
  const { stdout, code } = await witan().ended
  t.equal(code, 64)
  t.notMatch(stdout, '\u001b', 'no colours into a pipe')
  t.match(await witan('status').ended, { code: 78, stdout: '', stderr: /^NETWORK_NOT_CHOSEN: [^\n]+\n$/ })
})

t.test('a reader that leaves early is not an error', async (t) => {
  const { child, ended } = witan('--help')
  child.stdout?.destroy()
  t.match(await ended, { code: 0, signal: null, stderr: '' })
})

t.test('what the user cuts short ends as shells expect, without a word', async (t) => {
  const server = createServer()
  t.teardown(() => void server.close())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const decisions = ['governor', 'timelock', 'access']
  const revenue = ['splitter', 'channels', 'datasets', 'models', 'court']
  const contracts = Object.fromEntries(
    ['kernel', 'token', 'vault', 'subnets', 'emission', 'consensus', ...decisions, ...revenue].map((role) => [
      role,
      `0x${'11'.repeat(20)}`,
    ]),
  )
  const network = { name: 'x', chainId: 1, rpcUrls: [`http://127.0.0.1:${port}`], contracts, deployedAtBlock: 0 }
  const file = join(t.testdir({}), 'network.yaml')
  writeFileSync(file, JSON.stringify(network))
  for (const [name, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    const { child, ended } = witan('status', '--network', file)
    // The endpoint takes the request and never answers.
    const [socket] = await once(server, 'connection')
    child.kill(name)
    t.match(await ended, { code, signal: null, stdout: '', stderr: '' }, name)
    socket.destroy()
  }
})
