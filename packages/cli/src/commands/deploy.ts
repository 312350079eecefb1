import { readDeployFile } from '@witan/chain'
import { defineCommand } from '../command/command.js'
import { option } from '../command/option.js'
import { asText } from '../command/parse.js'
import { deploymentOptions, deployPlan, renderDeployment } from '../settings/deployment.js'
import { deployFilePath } from '../settings/network-plans.js'

export const deploy = defineCommand({
  path: ['deploy'],
  summary: 'Deploy the contracts of a new network and write its network file; the deployer keeps no right',
  options: {
    file: option.optional('--file <plan>', 'deploy file: name, chain id, genesis list, bounds', asText),
    network: option.optional('--network <name>', 'instead of --file: one of configs/networks, by its name', asText),
    ...deploymentOptions,
  },
  examples: [
    'deploy --file deploy.yaml --rpc http://127.0.0.1:8545 --key deployer --dry-run',
    'deploy --file deploy.yaml --rpc http://127.0.0.1:8545 --key deployer',
  ],
  run({ file, network, ...values }, context) {
    const plan = readDeployFile(deployFilePath({ file, network }, context))
    return deployPlan(plan, values, context)
  },
  render: renderDeployment,
})
