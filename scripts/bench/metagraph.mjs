// Time to read metagraphs at a block from the local chain, by number of neurons; and to decode the rows of one page by
// the reader's decoder and by ethers.
//
//   node scripts/bench/metagraph.mjs [--json] [--rounds 9] [--neurons 256,512,5000] [--rows 64,256,1000]

import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { measureDecoding } from './metagraph/decoding.mjs'
import { startNetwork } from './metagraph/network.mjs'
import { median, spread } from './wire/statistics.mjs'

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '9' },
    neurons: { type: 'string', default: '256,512,5000' },
    rows: { type: 'string', default: '64,256,1000' },
  },
})
const numbers = (text) => text.split(',').map(Number)
const plan = { rounds: Number(options.rounds), neurons: numbers(options.neurons), rows: numbers(options.rows) }

/** Milliseconds of every round, the first left out: it warms up. */
async function time(rounds, run) {
  const took = []
  for (let round = 0; round <= rounds; round++) {
    const startedMs = performance.now()
    await run()
    took.push(performance.now() - startedMs)
  }
  return took.slice(1)
}

/** Reads all subnets of a network of its own, at one block. */
async function measureRead(neurons) {
  const { client, sizes, stop } = await startNetwork(neurons)
  try {
    const took = await time(plan.rounds, async () => {
      const block = (await client.latestBlock()).number
      const metagraphs = await Promise.all(sizes.map((_, index) => client.metagraph(index + 1, { block })))
      const read = metagraphs.reduce((sum, metagraph) => sum + metagraph.neurons.length, 0)
      if (read !== neurons) throw new Error(`${read} neurons were read of ${neurons}`)
    })
    return { neurons, subnets: sizes.length, medianMs: median(took), spread: spread(took) }
  } finally {
    await stop()
  }
}

const results = []
for (const neurons of plan.neurons) results.push(await measureRead(neurons))
const decoding = []
for (const rows of plan.rows) decoding.push(await measureDecoding(rows, plan.rounds, time))
const report = {
  benchmark: 'metagraph',
  machine: { cpu: cpus()[0].model, cores: cpus().length, node: process.version },
  plan,
  results,
  decoding,
}
if (options.json) console.log(JSON.stringify(report))
else {
  console.log(`${report.machine.cpu}, ${report.machine.cores} cores, Node ${report.machine.node}`)
  const text = (value) => `${value.toFixed(1)} ms`
  for (const { neurons, subnets, medianMs, spread: part } of results) {
    console.log(`${neurons} neurons of ${subnets} subnets: ${text(medianMs)} ± ${(part * 100).toFixed(0)} %`)
  }
  for (const { rows, medianMs, ethersMs } of decoding) {
    console.log(`decoding ${rows} rows: ${text(medianMs)}, ethers ${text(ethersMs)}`)
  }
}
