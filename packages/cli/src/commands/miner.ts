import { defineCommand } from '../command/command.js'
import { daemonOptions } from '../daemon/load-config.js'

export const minerStart = defineCommand({
  path: ['miner', 'start'],
  summary: 'Serve a model until stopped',
  options: daemonOptions,
  examples: ['miner start --config miner.yaml'],
  async run(values, context) {
    // Loaded here: libp2p is a third of the start of every command that does without it.
    const { runMiner } = await import('../daemon/run-miner.js')
    await runMiner(values, context)
  },
})
