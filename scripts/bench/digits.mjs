// What more and better records are worth: the digits recipe on few records of which some have wrong labels (version 1)
// and on all of them as they are (version 2), the two steps between, and both versions once more from the same seed.
//
//   node scripts/bench/digits.mjs [--json] [--seeds 1] [--epochs 10]

import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const WITAN = fileURLToPath(new URL('../../packages/cli/dist/src/main.js', import.meta.url))
const RUNS = [
  { name: 'version 1', records: 6_000, wrongLabels: 0.1 },
  { name: 'right labels', records: 6_000, wrongLabels: 0 },
  { name: 'all records', records: 60_000, wrongLabels: 0.1 },
  { name: 'version 2', records: 60_000, wrongLabels: 0 },
  { name: 'version 1', records: 6_000, wrongLabels: 0.1 },
  { name: 'version 2', records: 60_000, wrongLabels: 0 },
]

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    seeds: { type: 'string', default: '1' },
    epochs: { type: 'string', default: '10' },
  },
})

/** Trains in a process of its own; the report of the command. */
function train(folder, seed, { records, wrongLabels }) {
  const out = join(folder, crypto.randomUUID())
  const words = ['--recipe', 'digits', '--seed', seed, '--out', out, '--epochs', options.epochs]
  const data = ['--records', String(records), '--wrong-labels', String(wrongLabels)]
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [WITAN, 'model', 'train', ...words, ...data, '--json'], (error, stdout, stderr) => {
      if (error === null) resolve(JSON.parse(stdout))
      else reject(new Error(stderr, { cause: error }))
    })
  })
}

const folder = mkdtempSync(join(tmpdir(), 'witan-digits-'))
const results = []
try {
  for (const seed of options.seeds.split(',')) {
    for (const run of RUNS) {
      const { accuracy, wrongLabels, modelDigest, recordsDigest, seconds, backend } = await train(folder, seed, run)
      const { name, records } = run
      results.push({ name, seed, records, wrongLabels, accuracy, modelDigest, recordsDigest, seconds, backend })
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

const versions = options.seeds.split(',').map((seed) => {
  const of = (name) => results.filter((result) => result.seed === seed && result.name === name)
  const [before, after] = [of('version 1'), of('version 2')]
  return {
    seed,
    points: (after[0].accuracy - before[0].accuracy) * 100,
    repeated: [before, after].every(([once, again]) => once.modelDigest === again.modelDigest),
  }
})
const machine = { cpu: cpus()[0].model, cores: cpus().length, node: process.version }
const report = { benchmark: 'digits', machine, epochs: Number(options.epochs), results, versions }
if (options.json) console.log(JSON.stringify(report))
else {
  console.log('run           seed  records  wrong   accuracy  seconds  graph')
  for (const { name, seed, records, wrongLabels, accuracy, seconds, modelDigest } of results)
    console.log(
      `${name.padEnd(14)}${seed.padEnd(6)}${String(records).padEnd(9)}${String(wrongLabels).padEnd(8)}` +
        `${`${(accuracy * 100).toFixed(2)} %`.padEnd(10)}${seconds.toFixed(1).padEnd(9)}${modelDigest.slice(0, 18)}`,
    )
  for (const { seed, points, repeated } of versions)
    console.log(`seed ${seed}: +${points.toFixed(2)} points; ${repeated ? 'both repeat' : 'NOT REPEATED'}`)
}
