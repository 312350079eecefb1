import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { code, page, table } from './markdown.mjs'

const packages = new URL('../../packages/', import.meta.url)

const INTRO = `\`GET /metrics\` of a miner, a validator or a keeper, in the Prometheus text format. Units are in the names; a histogram has \`_bucket\`, \`_sum\` and \`_count\`.
All daemons also report the process itself: \`process_*\` and \`nodejs_*\`.`

/** The declarations of every package that has some, in the order in which an operator meets them. */
export async function metricsPage() {
  const sections = []
  for (const name of readdirSync(fileURLToPath(packages)).sort()) {
    const file = new URL(`${name}/dist/src/metrics.js`, packages)
    if (existsSync(file)) sections.push(`## ${name}`, metricsTable(await declarationsOf(file)))
  }
  return page('Metrics', INTRO, sections)
}

/** What the module declares when it is given something that only remembers. */
async function declarationsOf(file) {
  const declared = []
  const remember = (type) => (options) => {
    declared.push({ type, ...options })
    return {}
  }
  const recorder = { counter: remember('counter'), gauge: remember('gauge'), histogram: remember('histogram') }
  for (const [name, create] of Object.entries(await import(file.href))) {
    if (/^create\w*Metrics$/.test(name)) create(recorder, () => 0)
  }
  return declared
}

const metricsTable = (declared) =>
  table(
    ['name', 'type', 'labels', 'meaning'],
    declared.map(({ name, type, labels = [], help, buckets }) => [
      code(name),
      type,
      labels.map(code).join(', '),
      buckets === undefined ? help : `${help} Buckets: ${buckets.join(', ')}.`,
    ]),
  )
