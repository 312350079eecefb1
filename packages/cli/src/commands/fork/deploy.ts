import { excludedAccounts, planFork } from '@witan/chain'
import type { Address } from '@witan/protocol'
import { defineCommand } from '../../command/command.js'
import { option, repeated, usageError } from '../../command/option.js'
import { asAddress, asBigInteger, asInteger, asText } from '../../command/parse.js'
import { deploymentOptions, deployPlan, renderDeployment } from '../../settings/deployment.js'
import { exportOption, readExport } from '../../settings/fork-export.js'

export const forkDeploy = defineCommand({
  path: ['fork', 'deploy'],
  summary: 'Deploy a new network that takes over an exported one, without some accounts; the deployer keeps no right',
  options: {
    export: exportOption,
    exclude: repeated('--exclude <account|node>', 'who gets nothing: an account, or a node with its owner', asExcluded),
    set: repeated('--set <term=value>', 'a term that differs from the export, as in a deploy file', asChange),
    name: option.required('--name <name>', 'name of the new network', asText),
    chainId: option.optional('--chain-id <id>', "the new network's chain (default: the exported one's)", asInteger(1)),
    ...deploymentOptions,
  },
  examples: [
    'fork deploy --export network-120000.json --name ours --exclude 0x… --rpc http://127.0.0.1:8545 --key deployer --dry-run',
    'fork deploy --export network-120000.json --name ours --exclude 7 --set governance.quorumPercent=10 --rpc http://127.0.0.1:8545 --key deployer',
  ],
  run({ export: file, exclude, set, name, chainId, ...values }, context) {
    const body = readExport(file, context)
    const excluded = excludedAccounts(body, exclude)
    const changes = new Map(set)
    const choices = { name, chainId: chainId ?? body.source.chainId, excluded: new Set(excluded), changes }
    return deployPlan(planFork(body, choices), values, context, excluded)
  },
  render: renderDeployment,
})

function asExcluded(text: string): Address | bigint {
  return text.startsWith('0x') ? asAddress(text) : asBigInteger(text)
}

function asChange(text: string): readonly [string, string] {
  const [, term, value] = /^([A-Za-z]+(?:\.[A-Za-z]+)?)=(.+)$/.exec(text) ?? []
  if (term === undefined || value === undefined) throw usageError(`${text} is not of the form term=value`)
  return [term, value]
}
