#!/usr/bin/env node
// Runs the forge suite (further arguments go to `forge test`), lints the contracts after a whole one, and ends with one
// JSON line of counts.
import { readdirSync } from 'node:fs'
import { spawnForge } from './forge.mjs'

const TEST = ['test', '--json']
const filters = process.argv.slice(2)

const runForge = (args) =>
  new Promise((resolve, reject) => {
    const forge = spawnForge(args, ['ignore', 'pipe', 'inherit'])
    let output = ''
    forge.stdout.setEncoding('utf8').on('data', (text) => {
      output += text
    })
    forge.on('error', reject)
    forge.on('close', (code) => resolve({ exitCode: code ?? 70, output }))
  })

/** Suite name → its tests. The report is the line that is a JSON object; anything else is the compiler's. */
const readReport = ({ output }) => {
  const report = output.split('\n').find((line) => line.startsWith('{'))
  return report === undefined ? undefined : JSON.parse(report)
}

/** Test files that a full run left out: after a run with `--match-path`, forge 1.7 takes the rest as up to date. */
const findMissing = (report) => {
  if (filters.length > 0) return []
  const ran = new Set(Object.keys(report).map((suite) => suite.split(':')[0]))
  const files = readdirSync(new URL('../test', import.meta.url)).filter((name) => name.endsWith('.t.sol'))
  return files.map((name) => `test/${name}`).filter((file) => !ran.has(file))
}

let run = await runForge([...TEST, ...filters])
let report = readReport(run)
if (report !== undefined && findMissing(report).length > 0) {
  run = await runForge([...TEST, '--force'])
  report = readReport(run)
}

const counts = { passed: 0, failed: 0, skipped: 0 }
const fail = (message) => {
  counts.failed += 1
  process.stdout.write(`FAIL ${message}\n`)
}
if (report === undefined) fail(`no report\n${run.output}`)
for (const file of findMissing(report ?? {})) fail(`${file} did not run`)
for (const [suite, { test_results: results }] of Object.entries(report ?? {})) {
  for (const [name, { status, reason, counterexample }] of Object.entries(results)) {
    if (status === 'Success') counts.passed += 1
    else if (status === 'Skipped') counts.skipped += 1
    else fail(`${suite} ${name}: ${reason} ${JSON.stringify(counterexample ?? null)}`)
  }
}
if (filters.length === 0) {
  // Behind the tests: what they compiled need not be compiled again.
  const { exitCode, output } = await runForge(['lint', '--deny', 'notes'])
  if (exitCode === 0) counts.passed += 1
  else fail(`forge lint\n${output}`)
}
process.stdout.write(`${JSON.stringify(counts)}\n`)
process.exitCode = counts.failed > 0 ? 1 : run.exitCode
