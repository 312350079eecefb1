// Runs one benchmark by name: `npm run -s bench -- wire --json`.
import { existsSync, readdirSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = new URL('./bench/', import.meta.url)
const names = readdirSync(fileURLToPath(folder))
  .filter((file) => file.endsWith('.mjs') && !file.startsWith('_'))
  .map((file) => basename(file, '.mjs'))
const [name = ''] = process.argv.splice(2, 1)
if (!names.includes(name) || !existsSync(new URL(`${name}.mjs`, folder))) {
  process.stderr.write(`Unknown benchmark ${name}; known: ${names.join(', ')}.\n`)
  process.exit(64)
}
await import(new URL(`${name}.mjs`, folder).href)
