#!/usr/bin/env node
// Runs the forge suite (further arguments go to `forge test`) and ends with one JSON line of counts.
import { spawnForge } from './forge.mjs'

const forge = spawnForge(['test', '--json', ...process.argv.slice(2)], ['ignore', 'pipe', 'inherit'])
let output = ''
forge.stdout.setEncoding('utf8').on('data', (text) => {
  output += text
})
const exitCode = await new Promise((resolve, reject) => {
  forge.on('error', reject)
  forge.on('close', (code) => resolve(code ?? 70))
})

/** The report is the line that is a JSON object; anything else is the compiler's. */
const report = output.split('\n').find((line) => line.startsWith('{'))
const counts = { passed: 0, failed: 0, skipped: 0 }
if (report === undefined) {
  process.stderr.write(output)
  counts.failed = 1
} else {
  for (const [suite, { test_results: results }] of Object.entries(JSON.parse(report))) {
    for (const [name, { status, reason, counterexample }] of Object.entries(results)) {
      if (status === 'Success') counts.passed += 1
      else if (status === 'Skipped') counts.skipped += 1
      else {
        counts.failed += 1
        process.stdout.write(`FAIL ${suite} ${name}: ${reason} ${JSON.stringify(counterexample ?? null)}\n`)
      }
    }
  }
}
process.stdout.write(`${JSON.stringify(counts)}\n`)
process.exitCode = counts.failed > 0 ? 1 : exitCode
