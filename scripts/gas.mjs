// Gas of an epoch's transactions on the local chain, by validators and miners, from real transactions of a steady epoch.
//
//   npm run -s gas -- [--json] [--sizes 16x64,64x64,64x256]
//
// A size `64+256` has its miners beside the validators: 320 slots, of which only the miners are voted for.

import { parseArgs } from 'node:util'
import { measure } from './gas/epochs.mjs'
import { startNetwork } from './gas/network.mjs'

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    sizes: { type: 'string', default: '3x11,16x64,64x64,64x256,48x512,16+64,64+256' },
  },
})

const sizes = options.sizes.split(',').map((text) => {
  const [, validators, kind, miners] = /^(\d+)([x+])(\d+)$/.exec(text) ?? []
  if (kind === undefined) {
    process.stderr.write(`${text} is not a size; write 64x256 or 64+256.\n`)
    process.exit(64)
  }
  return { validators: Number(validators), miners: Number(miners), separate: kind === '+' }
})

const chain = await startNetwork()
try {
  const rows = []
  for (const size of sizes) rows.push(...(await measure(chain, size)))
  if (options.json) process.stdout.write(`${JSON.stringify(rows)}\n`)
  else
    for (const { validators, miners, uids, path, gas } of rows) {
      const what = `${validators} validators, ${miners} miners, ${uids} slots`
      process.stdout.write(`${what.padEnd(42)} ${path.padEnd(24)} ${gas.toLocaleString('en').padStart(12)}\n`)
    }
} finally {
  await chain.stop()
}
