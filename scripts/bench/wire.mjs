// Requests a second and latency of the infer protocol, receipts made and checked, beside fastify and undici without any.
// Clients run here, each server in a process of its own; the two take turns in every round.
//
//   node scripts/bench/wire.mjs [--json] [--rounds 5] [--duration-ms 1500] [--payload-bytes 256,65536] [--in-flight 1,16,64]

import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { measureModel } from './wire/model.mjs'
import { measurePair } from './wire/pair.mjs'
import { printReport } from './wire/report.mjs'

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
    'duration-ms': { type: 'string', default: '1500' },
    'payload-bytes': { type: 'string', default: '256,65536' },
    'in-flight': { type: 'string', default: '1,16,64' },
  },
})
const numbers = (text) => text.split(',').map(Number)
const plan = {
  rounds: Number(options.rounds),
  durationMs: Number(options['duration-ms']),
  payloadBytes: numbers(options['payload-bytes']),
  inFlight: numbers(options['in-flight']),
}

const results = []
for (const bytes of plan.payloadBytes) {
  for (const inFlight of plan.inFlight) results.push(await measurePair({ ...plan, bytes, inFlight }))
}
const report = {
  benchmark: 'wire',
  machine: { cpu: cpus()[0].model, cores: cpus().length, node: process.version },
  plan,
  results,
  model: await measureModel(plan),
}
if (options.json) console.log(JSON.stringify(report))
else printReport(report)
