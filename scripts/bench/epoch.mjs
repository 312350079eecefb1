// Milliseconds of `runEpoch` by size of the subnet, beside eight plain passes over a matrix of doubles of that size: one
// timed run of each in turn.
//
//   node scripts/bench/epoch.mjs [--json] [--runs 50] [--sizes 16x64,64x64,64x256,48x512]

import { cpus } from 'node:os'
import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { runEpoch } from '@witan/protocol'
import { matrixPass } from './epoch/matrix-pass.mjs'
import { voteInput } from './epoch/vote-input.mjs'

const WARM_UP_RUNS = 20

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    runs: { type: 'string', default: '50' },
    sizes: { type: 'string', default: '16x64,64x64,64x256,48x512' },
  },
})
const runs = Number(options.runs)

function measure(size) {
  const [validators, uids] = size.split('x').map(Number)
  const epoch = { fixed: voteInput(validators, uids), liquid: voteInput(validators, uids, true) }
  const yardstick = matrixPass(validators, uids)
  const timed = { fixed: [], liquid: [], yardstick: [] }
  for (let run = -WARM_UP_RUNS; run < runs; run++) {
    const took = {
      fixed: timeOf(() => runEpoch(epoch.fixed)),
      liquid: timeOf(() => runEpoch(epoch.liquid)),
      yardstick: timeOf(yardstick),
    }
    if (run >= 0) for (const name of Object.keys(timed)) timed[name].push(took[name])
  }
  const [fixed, liquid, plain] = [timed.fixed, timed.liquid, timed.yardstick].map(summary)
  const ratio = fixed.medianMs / plain.medianMs
  return { validators, uids, epoch: fixed, liquidAlpha: liquid, yardstick: plain, ratio }
}

function timeOf(work) {
  const start = performance.now()
  work()
  return performance.now() - start
}

function summary(timesMs) {
  const sorted = timesMs.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const medianMs = sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  return { medianMs, minMs: sorted[0], maxMs: sorted.at(-1) }
}

const report = {
  benchmark: 'epoch',
  machine: { cpu: cpus()[0].model, cores: cpus().length, node: process.version },
  runs,
  results: options.sizes.split(',').map(measure),
}
if (options.json) console.log(JSON.stringify(report))
else {
  console.log('size        epoch ms (min … max)    liquid alpha ms (min … max)    doubles ms   ratio')
  const span = ({ medianMs, minMs, maxMs }) => `${medianMs.toFixed(2)} (${minMs.toFixed(2)} … ${maxMs.toFixed(2)})`
  for (const { validators, uids, epoch, liquidAlpha, yardstick, ratio } of report.results)
    console.log(
      `${`${validators} × ${uids}`.padEnd(12)}${span(epoch).padEnd(24)}${span(liquidAlpha).padEnd(31)}` +
        `${yardstick.medianMs.toFixed(2).padEnd(13)}${ratio.toFixed(1)}`,
    )
}
