// Runs every compiled test file as its own process under tap, then the forge suite, and closes with one line:
// `N passed, N failed, N skipped`. Arguments filter test files by substring.
import { readdirSync, existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import t from 'tap'

const DEADLINE_MS = 10 * 60_000
const filters = process.argv.slice(2)

const testFiles = (folder) =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true })
        .filter((name) => name.endsWith('.test.js'))
        .map((name) => join(folder, name))
    : []

const files = [...readdirSync('packages').flatMap((name) => testFiles(join('packages', name, 'dist/test'))), ...testFiles('dist/test')]
  .filter((file) => filters.length === 0 || filters.some((filter) => file.includes(filter)))
  .sort()

t.jobs = availableParallelism()
t.setTimeout(DEADLINE_MS * 2)
for (const file of files) t.spawn(process.execPath, [file], { name: file, buffered: true, timeout: DEADLINE_MS })
t.on('complete', () => {
  const { pass, fail, skip, todo } = t.counts
  process.stdout.write(`\n${pass} passed, ${fail} failed, ${skip + todo} skipped\n`)
})
