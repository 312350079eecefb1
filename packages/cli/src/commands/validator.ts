import { defineCommand } from '../command/command.js'
import { daemonOptions } from '../daemon/load-config.js'

export const validatorStart = defineCommand({
  path: ['validator', 'start'],
  summary: 'Challenge and score miners, commit, reveal and settle until stopped',
  options: daemonOptions,
  examples: ['validator start --config validator.yaml'],
  async run(values, context) {
    // Loaded here: libp2p is a third of the start of every command that does without it.
    const { runValidator } = await import('../daemon/run-validator.js')
    await runValidator(values, context)
  },
})
