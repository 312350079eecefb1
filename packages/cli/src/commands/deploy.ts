import { resolve } from 'node:path'
import {
  courtTermsOf,
  createRpc,
  type DeploymentEstimate,
  type DeployPlan,
  deployNetwork,
  estimateDeployment,
  genesisHashOf,
  governanceTermsOf,
  type NetworkFile,
  type Rpc,
  readDeployFile,
  readKeystoreAddress,
  writeNetworkFile,
} from '@witan/chain'
import { type Address, WitanError } from '@witan/protocol'
import { createLogger } from '@witan/runtime'
import { defineCommand } from '../command/command.js'
import { option, repeated, toggle } from '../command/option.js'
import { asHttpUrl, asText } from '../command/parse.js'
import { formatGasQuote } from '../output/gas-cost.js'
import { formatTokens } from '../output/numbers.js'
import { firstContact } from '../settings/connection.js'
import { homeFolder, homeOption, networkFileIn } from '../settings/home.js'
import { keyOption, keystorePath, passwordFileOption } from '../settings/keys.js'
import { deployFilePath } from '../settings/network-plans.js'
import { withSender } from '../settings/with-sender.js'

type Deployed = NetworkFile & { readonly dryRun: false; readonly path: string }
type Planned = DeploymentEstimate & { readonly dryRun: true; readonly plan: DeployPlan }

export const deploy = defineCommand({
  path: ['deploy'],
  summary: 'Deploy the contracts of a new network and write its network file; the deployer keeps no right',
  options: {
    home: homeOption,
    file: option.optional('--file <plan>', 'deploy file: name, chain id, genesis list, bounds', asText),
    network: option.optional('--network <name>', 'instead of --file: one of configs/networks, by its name', asText),
    rpc: option.required('--rpc <url>', "JSON-RPC of the network's chain", asHttpUrl),
    key: keyOption('that deploys'),
    passwordFile: passwordFileOption,
    bootstrap: repeated('--bootstrap <multiaddr>', 'address of a first peer, for the network file', asText),
    out: option.optional('--out <file>', 'network file to write (default: network.yaml in the home folder)', asText),
    dryRun: toggle('--dry-run', 'show the plan, the addresses and what it would cost, and send nothing'),
  },
  examples: [
    'deploy --file deploy.yaml --rpc http://127.0.0.1:8545 --key deployer --dry-run',
    'deploy --file deploy.yaml --rpc http://127.0.0.1:8545 --key deployer',
  ],
  async run(values, context): Promise<Deployed | Planned> {
    const { home, file, network: name, rpc: url, key, passwordFile, bootstrap, out, dryRun } = values
    const { clock, directory } = context
    const plan = readDeployFile(deployFilePath({ file, network: name }, context))
    const rpc = createRpc({ urls: [url] }, { clock })
    const { chainId, genesisHash } = await firstContact([url], context, (signal) => identify(rpc, signal))
    if (chainId !== plan.chainId) {
      throw new WitanError('WRONG_CHAIN_ID', 'The deploy file is for another chain than the endpoint serves', {
        facts: { expected: plan.chainId, actual: chainId },
        next: 'Use the endpoint of that chain, or correct chainId in the deploy file.',
      })
    }
    if (dryRun) {
      const deployer = await addressOf(keystorePath(key, homeFolder(home, context), context))
      return { dryRun, plan, ...(await estimateDeployment(plan, deployer, rpc, context.signal)) }
    }
    const logger = createLogger({ name: 'deploy', level: 'warn' })
    const chain = { chainId, genesisHash, rpc, logger }
    const network = await withSender({ home, key, passwordFile }, chain, context, (sender) =>
      deployNetwork({ plan, rpcUrls: [url] }, { rpc, sender, logger }),
    )
    const path = out === undefined ? networkFileIn(homeFolder(home, context)) : resolve(directory, out)
    await writeNetworkFile(path, { ...network, bootstrap: [...bootstrap] })
    return { dryRun: false, path, ...network }
  },
  render: (result) => (result.dryRun ? renderPlan(result) : renderDeployed(result)),
})

async function addressOf(path: string): Promise<Address> {
  const address = await readKeystoreAddress(path)
  if (address !== undefined) return address
  throw new WitanError('KEYSTORE_INVALID', 'The keystore does not name its address', { facts: { path } })
}

async function identify(rpc: Rpc, signal: AbortSignal) {
  const [chainId, genesisHash] = await Promise.all([
    rpc.request<string>('eth_chainId', [], { signal }),
    genesisHashOf(rpc, signal),
  ])
  return { chainId: Number(chainId), genesisHash }
}

function renderDeployed({ path, contracts }: Deployed): string {
  const addresses = Object.entries(contracts).map(([name, address]) => `${name.padEnd(10)}${address}`)
  return [...addresses, `network file  ${path}`].join('\n')
}

function renderPlan({ plan, deployer, contracts, creations, ...quote }: Planned): string {
  const companions = [contracts.timelock, contracts.access]
  const { name, chainId, genesis, treasury, governance: _, court: __, ...terms } = plan
  const decisions = Object.entries(governanceTermsOf(plan))
  return [
    `would deploy network ${name} on chain ${chainId} from ${deployer}`,
    ...genesis.map(({ address, amount }) => `  genesis              ${address}  ${formatTokens(amount)} tokens`),
    `  ${'treasury'.padEnd(21)}${treasury ?? genesis[0]!.address}`,
    ...Object.entries(terms).map(([term, value]) => `  ${term.padEnd(21)}${textOf(value)}`),
    ...Object.entries(courtTermsOf(plan)).map(([term, value]) => `  ${`court.${term}`.padEnd(31)}${textOf(value)}`),
    ...decisions.map(([term, value]) => `  ${`governance.${term}`.padEnd(31)}${textOf(value)}`),
    ...creations.map((each) => `${each.contract.padEnd(16)}${each.address}  ${String(each.gas).padStart(9)} gas`),
    ...companions.map((address) => `${'by the governor'.padEnd(16)}  ${address}`),
    formatGasQuote(quote, 'the deployer'),
  ].join('\n')
}

/** Amounts are bigints, times and parts are numbers. */
function textOf(value: bigint | number | string): string {
  return typeof value === 'bigint' ? `${formatTokens(value)} tokens` : String(value)
}
