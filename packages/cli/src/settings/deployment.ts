import { existsSync } from 'node:fs'
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
  readKeystoreAddress,
  readNetworkFile,
  writeNetworkFile,
} from '@witan/chain'
import { type Address, WitanError } from '@witan/protocol'
import { createLogger } from '@witan/runtime'
import type { CommandContext } from '../command/context.js'
import { option, repeated, toggle } from '../command/option.js'
import { asHttpUrl, asText } from '../command/parse.js'
import { formatGasQuote } from '../output/gas-cost.js'
import { formatTokens } from '../output/numbers.js'
import { firstContact } from './connection.js'
import { homeFolder, homeOption, networkFileIn } from './home.js'
import { keyOption, keystorePath, passwordFileOption } from './keys.js'
import { withSender } from './with-sender.js'

/** What every command that deploys a network takes. */
export const deploymentOptions = {
  home: homeOption,
  rpc: option.required('--rpc <url>', "JSON-RPC of the network's chain", asHttpUrl),
  key: keyOption('that deploys'),
  passwordFile: passwordFileOption,
  bootstrap: repeated('--bootstrap <multiaddr>', 'address of a first peer, for the network file', asText),
  out: option.optional('--out <file>', 'network file to write (default: network.yaml in the home folder)', asText),
  dryRun: toggle('--dry-run', 'show the plan, the addresses and what it would cost, and send nothing'),
} as const

export interface DeploymentValues {
  readonly home: string | undefined
  readonly rpc: string
  readonly key: string
  readonly passwordFile: string | undefined
  readonly bootstrap: readonly string[]
  readonly out: string | undefined
  readonly dryRun: boolean
}

export type Deployed = NetworkFile & { readonly dryRun: false; readonly path: string }
export type Planned = DeploymentEstimate & { readonly dryRun: true; readonly plan: DeployPlan }

/** Deploys a network and writes its network file, or only tells what that would be. */
export async function deployPlan(
  plan: DeployPlan,
  values: DeploymentValues,
  context: CommandContext,
  excluded: readonly Address[] = [],
): Promise<Deployed | Planned> {
  const { home, rpc: url, key, passwordFile, bootstrap, out, dryRun } = values
  const { clock, directory } = context
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
  const path = out === undefined ? networkFileIn(homeFolder(home, context)) : resolve(directory, out)
  refuseOtherNetwork(path, plan)
  const logger = createLogger({ name: 'deploy', level: 'warn' })
  const chain = { chainId, genesisHash, rpc, logger }
  const network = await withSender({ home, key, passwordFile }, chain, context, (sender) =>
    deployNetwork({ plan, rpcUrls: [url], excluded }, { rpc, sender, logger }),
  )
  await writeNetworkFile(path, { ...network, bootstrap: [...bootstrap] })
  return { dryRun: false, path, ...network }
}

/** Whoever forks has the old network's file where a new one would be written. */
function refuseOtherNetwork(path: string, { name, chainId }: DeployPlan): void {
  if (!existsSync(path)) return
  const there = readNetworkFile(path)
  if (there.name === name && there.chainId === chainId) return
  throw new WitanError('NETWORK_FILE_EXISTS', 'Another network has its file there', {
    facts: { path, there: there.name, deploying: name },
  })
}

export const renderDeployment = (result: Deployed | Planned): string =>
  result.dryRun ? renderPlan(result) : renderDeployed(result)

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

function renderDeployed({ path, contracts, membership, fork }: Deployed): string {
  const optional = { ...(membership && { membership }), ...(fork && { claims: fork.claims }) }
  const addresses = Object.entries({ ...contracts, ...optional }).map(([name, at]) => `${name.padEnd(11)}${at}`)
  return [...addresses, `network file  ${path}`].join('\n')
}

function renderPlan({ plan, deployer, contracts, creations, ...quote }: Planned): string {
  const companions = [contracts.timelock, contracts.access]
  const { name, chainId, genesis, treasury, governance: _, court: __, members, fork, ...terms } = plan
  const decisions = Object.entries(governanceTermsOf(plan))
  const claims = fork === undefined ? [] : Object.entries(fork)
  return [
    `would deploy network ${name} on chain ${chainId} from ${deployer}`,
    ...genesis.map(({ address, amount }) => `  genesis              ${address}  ${formatTokens(amount)} tokens`),
    `  ${'treasury'.padEnd(21)}${treasury ?? contracts.timelock}`,
    ...Object.entries(terms).map(([term, value]) => `  ${term.padEnd(21)}${textOf(value)}`),
    ...members.map((member) => `  ${'member'.padEnd(21)}${member}`),
    ...claims.map(([term, value]) => `  ${`fork.${term}`.padEnd(21)}${textOf(value)}`),
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
