// Heap and open descriptors while a metagraph is read over and over, as a daemon does for weeks.
//
//   node scripts/bench/refresh.mjs [--json] [--refreshes 10000] [--neurons 16] [--samples 10]

import { readdirSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { startNetwork } from './metagraph/network.mjs'

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    refreshes: { type: 'string', default: '10000' },
    neurons: { type: 'string', default: '16' },
    samples: { type: 'string', default: '10' },
  },
})
const plan = {
  refreshes: Number(options.refreshes),
  neurons: Number(options.neurons),
  samples: Number(options.samples),
}
setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc')
const MIB = 1024 * 1024
/** A fresh block is read by so many refreshes. */
const REFRESHES_A_BLOCK = 10

/** After two collections, so that what is held shows and what was dropped does not. */
function sample(refreshes) {
  collectGarbage()
  collectGarbage()
  const { heapUsed, rss } = process.memoryUsage()
  const descriptors = process.platform === 'linux' ? readdirSync('/proc/self/fd').length : null
  return { refreshes, heapMib: heapUsed / MIB, rssMib: rss / MIB, descriptors }
}

const { client, stop } = await startNetwork(plan.neurons)
const samples = []
const startedMs = performance.now()
try {
  for (let refreshes = 0; refreshes <= plan.refreshes; refreshes++) {
    if (refreshes % Math.ceil(plan.refreshes / plan.samples) === 0) samples.push(sample(refreshes))
    if (refreshes % REFRESHES_A_BLOCK === 0) await client.rpc.request('evm_mine', [])
    const { neurons } = await client.metagraph(1)
    if (neurons.length !== plan.neurons) throw new Error(`${neurons.length} neurons were read of ${plan.neurons}`)
  }
} finally {
  await stop()
}
const seconds = (performance.now() - startedMs) / 1000
// The first sample is taken before caches and code are warm.
const [first, last] = [samples[1], samples.at(-1)]
const growth = { heapMib: last.heapMib - first.heapMib, descriptors: last.descriptors - first.descriptors }
const machine = { cpu: cpus()[0].model, cores: cpus().length, node: process.version }
if (options.json) console.log(JSON.stringify({ benchmark: 'refresh', machine, plan, seconds, samples, growth }))
else {
  for (const { refreshes, heapMib, rssMib, descriptors } of samples) {
    console.log(
      `${refreshes}: heap ${heapMib.toFixed(2)} MiB, resident ${rssMib.toFixed(0)} MiB, ${descriptors} descriptors`,
    )
  }
  console.log(
    `grown by ${growth.heapMib.toFixed(2)} MiB and ${growth.descriptors} descriptors in ${seconds.toFixed(0)} s`,
  )
}
