// Writes docs/reference from the compiled packages, so that no page is kept by hand. `--check` writes nothing and exits
// with 1 naming the pages that are stale.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { commandsPage } from './docs/commands.mjs'
import { configurationPage } from './docs/configuration.mjs'
import { errorsPage } from './docs/errors.mjs'
import { metricsPage } from './docs/metrics.mjs'
import { protocolPage } from './docs/protocol.mjs'

const folder = new URL('../docs/reference/', import.meta.url)

const pages = new Map(
  Object.entries({
    'commands.md': commandsPage(),
    'configuration.md': configurationPage(),
    'errors.md': errorsPage(),
    'metrics.md': await metricsPage(),
    'protocol.md': protocolPage(),
  }),
)

mkdirSync(folder, { recursive: true })
const present = readdirSync(fileURLToPath(folder))
const strangers = present.filter((name) => !pages.has(name))
const isStale = (name) =>
  !existsSync(new URL(name, folder)) || readFileSync(new URL(name, folder), 'utf8') !== pages.get(name)
const stale = [...pages.keys()].filter(isStale)

if (process.argv.includes('--check')) {
  for (const name of [...stale, ...strangers]) process.stdout.write(`stale: docs/reference/${name}\n`)
  process.exitCode = stale.length + strangers.length === 0 ? 0 : 1
} else {
  for (const name of strangers) rmSync(new URL(name, folder))
  for (const name of stale) writeFileSync(new URL(name, folder), pages.get(name))
  process.stdout.write(`${stale.length} of ${pages.size} pages written\n`)
}
