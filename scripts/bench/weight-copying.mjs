// What a validator earns that copies others' rows instead of judging miners: dividends per stake over those of an honest
// validator, by how miners move, how well validators measure, what is copied and the rules of bonds. A row is committed
// before the rows of its epoch are revealed, so a copier has the last epoch's.
//
//   node scripts/bench/weight-copying.mjs [--json] [--seeds 5] [--epochs 100] [--noises 0.05,0.1,0.2,0.5]

import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { COPIERS } from './weight-copying/copiers.mjs'
import { dilute } from './weight-copying/dilute.mjs'
import { MINER_KINDS } from './weight-copying/miners.mjs'
import { play } from './weight-copying/play.mjs'
import { printReport } from './weight-copying/report.mjs'
import { ALPHAS, DILUTED_PENALTIES, DUST, LEVERS, PENALTIES, rulesOf } from './weight-copying/rules.mjs'

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    seeds: { type: 'string', default: '5' },
    epochs: { type: 'string', default: '100' },
    noises: { type: 'string', default: '0.05,0.1,0.2,0.5' },
  },
})
const plan = {
  seeds: Number(options.seeds),
  epochs: Number(options.epochs),
  // Bonds of the first epochs show who came first, not who judges well.
  warmUp: Math.floor(Number(options.epochs) * 0.3),
  honest: 8,
  miners: 40,
  noises: options.noises.split(',').map(Number),
  leverNoises: [0.1, 0.5],
}

/** Every seed has the same miners and measurements whatever else differs. */
function ratioOf(setting, game = play) {
  const ratios = Array.from({ length: plan.seeds }, (_, index) => game({ ...plan, ...setting, seed: index + 1 }))
  const sorted = ratios.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const median = sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  return { median, min: sorted[0], max: sorted.at(-1) }
}

function* gridCells() {
  for (const kind of MINER_KINDS)
    for (const noise of plan.noises)
      for (const copier of COPIERS)
        for (const penalty of PENALTIES)
          for (const [alpha, chosen] of Object.entries(ALPHAS)) {
            const ratio = ratioOf({ kind, noise, copier, rules: rulesOf({ penalty, ...chosen }) })
            yield { kind, noise, copier, penalty, alpha, ratio }
          }
}

function* leverCells() {
  for (const [lever, { rules = {}, ...change }] of Object.entries(LEVERS))
    for (const kind of MINER_KINDS)
      for (const noise of plan.leverNoises) {
        const ratio = ratioOf({ kind, noise, copier: 'mean', rules: rulesOf(rules), ...change })
        yield { lever, kind, noise, ratio }
      }
}

function* dilutionCells() {
  for (const dust of DUST)
    for (const penalty of DILUTED_PENALTIES) {
      const ratio = ratioOf({ dust, noise: 0.1, rules: rulesOf({ penalty }) }, dilute)
      yield { dust, penalty, ratio }
    }
}

const startedMs = performance.now()
const report = {
  benchmark: 'weight-copying',
  plan,
  grid: [...gridCells()],
  levers: [...leverCells()],
  dilution: [...dilutionCells()],
}
report.seconds = (performance.now() - startedMs) / 1000
if (options.json) console.log(JSON.stringify(report))
else printReport(report)
