// Runs every compiled test file as its own process under tap, the forge suite among them, and closes with one line:
// `N passed, N failed, N skipped`. Arguments filter test files by substring (`forge` names the forge suite).
import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { availableParallelism, constants, setPriority } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))

const FILE_DEADLINE_MS = 8 * 60_000
const SUITE_DEADLINE_MS = 40 * 60_000
const FORGE = 'packages/contracts/scripts/test-forge.mjs'
const ROOT_TESTS = 'dist/test'
// Many processes that live by the clock, and packing, which lays files beside the sources: one at a time, at the end.
const ALONE = ['package', 'network', 'crash'].map((name) => join(ROOT_TESTS, `${name}.test.js`))
// What takes longest begins first, so that no core is idle at the end. Only the order hangs on this list.
const LONGEST_FIRST = [
  'dist/test/error-matrix',
  'dist/test/epoch-parity',
  'chain/dist/test/audit-registries',
  'dist/test/gas',
  'chain/dist/test/faults',
  'cli/dist/test/follow-decisions',
  'dist/test/keeper',
]

// Hundreds of processes load the same modules: each is compiled once.
process.env.NODE_COMPILE_CACHE ??= join(process.cwd(), 'node_modules', '.cache', 'witan-test')
// tap reads its deadline for every test when it is loaded; its own default, 30 s, is short on a busy machine.
process.env.TAP_TIMEOUT = String(FILE_DEADLINE_MS / 1000)
const { default: t } = await import('tap')

const filters = process.argv.slice(2)
const selected = (name) => filters.length === 0 || filters.some((filter) => name.includes(filter))
const testFiles = (folder) =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true })
        .filter((name) => name.endsWith('.test.js'))
        .map((name) => join(folder, name))
        .filter(selected)
        .sort()
    : []

/**
 * Runs the forge suite with what the other tests leave of the processor, which is much while they wait for a clock.
 * Resolves to its counts, `{passed, failed, skipped}`.
 */
function runForge() {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [FORGE], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { FOUNDRY_THREADS: '1', ...process.env },
    })
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW)
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      output += chunk
    })
    child.on('error', reject)
    child.on('close', () => {
      const lines = output.trimEnd().split('\n')
      const counts = lines.pop() ?? ''
      process.stdout.write(lines.map((line) => `# ${line}\n`).join(''))
      try {
        resolve(JSON.parse(counts))
      } catch {
        reject(new Error(`forge printed no counts, its last line is: ${counts}`))
      }
    })
  })
}

/** What failed, for the last lines: nobody searches the output of a long run. */
const failedFiles = []

/** tap has every process below it measure its coverage, by NODE_OPTIONS; the keystores took 48 s instead of 7. */
async function runFile(file) {
  const test = t.spawn('env', ['-u', 'NODE_OPTIONS', process.execPath, file], {
    name: file,
    buffered: true,
    timeout: FILE_DEADLINE_MS,
  })
  const result = await test
  if (result?.ok) return
  const { exitCode, signal } = test.subtest?.options ?? {}
  failedFiles.push(`${file} (${signal ? `signal ${signal}` : `exit ${exitCode ?? 'unknown'}`})`)
}

t.setTimeout(SUITE_DEADLINE_MS)
t.jobs = availableParallelism()
const forge = { passed: 0, failed: 0, skipped: 0 }

const forgeRun = selected('forge') ? runForge() : undefined
// It is waited for at the end.
forgeRun?.catch(() => undefined)

const rank = (name) => {
  const place = LONGEST_FIRST.findIndex((long) => name.includes(long))
  return place === -1 ? LONGEST_FIRST.length : place
}
const folders = [...readdirSync('packages').map((name) => join('packages', name, 'dist/test')), ROOT_TESTS]
const names = folders.flatMap(testFiles)
await Promise.all(
  names
    .filter((name) => !ALONE.includes(name))
    .sort((a, b) => rank(a) - rank(b))
    .map(runFile),
)
for (const name of names.filter((name) => ALONE.includes(name))) await runFile(name)
if (forgeRun !== undefined) {
  await t.test('forge', async (t) => {
    Object.assign(forge, await forgeRun)
    t.ok(forge.passed > 0, 'forge ran tests')
    t.equal(forge.failed, 0, 'no forge test failed')
  })
}

t.on('complete', () => {
  const { pass, skip, todo } = t.counts
  // tap counts assertions: a file that a signal ended has none that failed.
  const fail = Math.max(t.counts.fail, failedFiles.length)
  process.stdout.write(failedFiles.map((file) => `# failed: ${file}\n`).join(''))
  process.stdout.write(
    `\n${pass + forge.passed} passed, ${fail + forge.failed} failed, ${skip + todo + forge.skipped} skipped\n`,
  )
})
