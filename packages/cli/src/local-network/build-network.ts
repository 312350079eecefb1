import { readFileSync, writeFileSync } from 'node:fs'
import { type Address, bytesToHex, LOCAL_CHAIN_ID, MINIMAL_MIN_EPOCH_LENGTH } from '@witan/protocol'
import type { CommandContext } from '../command/context.js'
import { deploy } from '../commands/deploy.js'
import { keyNew } from '../commands/key.js'
import { register } from '../commands/register.js'
import { stakeAdd } from '../commands/stake/add.js'
import { subnetCreate } from '../commands/subnet/create.js'
import { formatTokens } from '../output/numbers.js'
import { freePorts } from './free-ports.js'
import type { Layout } from './layout.js'
import {
  DEPLOYER,
  keysOf,
  LOCAL_DEPLOYMENT,
  type LocalNode,
  type LocalPlan,
  MAX_REGISTRATION_PRICE,
  NETUID,
  ownerOf,
  STAKE_EACH,
  SUBNET_OWNER,
  TOKENS_EACH,
} from './local-plan.js'
import { writeDeployFile, writeNodeConfig } from './write-configs.js'

export interface LocalKeys {
  readonly [name: string]: { readonly address: Address; readonly peerId: string }
}

/** Makes the password and all keys: `witan key new`, once each. */
export async function createKeys(plan: LocalPlan, files: Layout, context: CommandContext): Promise<LocalKeys> {
  writeFileSync(files.password, `${bytesToHex(context.random.bytes(16)).slice(2)}\n`, { mode: 0o600 })
  const keys = keysOf(plan).map(async (key) => {
    const { address, peerId } = await keyNew.run(
      { home: files.home, key, passwordFile: undefined, lightKdf: true },
      context,
    )
    return [key, { address, peerId }] as const
  })
  return Object.fromEntries(await Promise.all(keys))
}

/** Chooses where the validators listen, writes every node's configuration and deploys: `witan deploy`. */
export async function deployContracts(
  { plan, files, keys, rpcUrl }: { plan: LocalPlan; files: Layout; keys: LocalKeys; rpcUrl: string },
  context: CommandContext,
): Promise<void> {
  const { roster, holders } = plan
  const validators = roster.filter(({ role }) => role === 'validator')
  const validatorPorts = await freePorts(validators.length)
  const addressOf = (key: string) => keys[key]!.address
  for (const node of roster) {
    writeNodeConfig(plan, node, { files, addressOf }, validatorPorts[validators.indexOf(node)] ?? 0)
  }
  const amounts = Object.entries({
    ...Object.fromEntries([SUBNET_OWNER, ...roster.map(ownerOf)].map((name) => [name, TOKENS_EACH])),
    ...holders,
  })
  writeDeployFile(files, {
    name: 'local',
    chainId: LOCAL_CHAIN_ID,
    genesis: amounts.map(([name, wei]) => ({ address: addressOf(name), amount: formatTokens(wei) })),
    minEpochLength: MINIMAL_MIN_EPOCH_LENGTH,
    ...LOCAL_DEPLOYMENT,
    ...plan.deploy,
  })
  const bootstrap = validators.map(
    ({ name }, index) => `/ip4/127.0.0.1/tcp/${validatorPorts[index]}/p2p/${keys[name]!.peerId}`,
  )
  await deploy.run(
    {
      home: files.home,
      file: files.deployFile,
      rpc: rpcUrl,
      key: DEPLOYER,
      passwordFile: undefined,
      bootstrap,
      out: undefined,
      network: undefined,
      dryRun: false,
    },
    context,
  )
}

/** What every command that sends takes, as a key of the network. */
export const sendAs = (files: Layout, key: string) => ({
  home: files.home,
  network: files.networkFile,
  key,
  passwordFile: undefined,
  dryRun: false,
  yes: true,
})

/** `witan subnet create`. */
export async function createSubnet({ subnet }: LocalPlan, files: Layout, context: CommandContext): Promise<void> {
  const options = {
    name: subnet.name,
    model: [subnet.model],
    preset: 'minimal',
    consortium: false,
    epoch: undefined,
    set: [],
  } as const
  await subnetCreate.run({ ...sendAs(files, SUBNET_OWNER), ...options }, context)
}

/** `witan register`, and for a validator `witan stake add`. */
export async function joinSubnet(
  node: LocalNode,
  files: Layout,
  keys: LocalKeys,
  context: CommandContext,
): Promise<void> {
  const owner = sendAs(files, ownerOf(node))
  await register.run(
    {
      ...owner,
      netuid: NETUID,
      operatorKey: node.name,
      operatorPasswordFile: undefined,
      consent: undefined,
      maxPrice: MAX_REGISTRATION_PRICE,
    },
    context,
  )
  if (node.role !== 'validator') return
  await stakeAdd.run({ ...owner, operator: keys[node.name]!.address, amount: STAKE_EACH }, context)
}

/** Addresses of a network built before. */
export function readKeys(plan: LocalPlan, files: Layout): LocalKeys {
  return Object.fromEntries(
    keysOf(plan).map((key) => {
      const { address } = JSON.parse(readFileSync(`${files.home}/keys/${key}.json`, 'utf8'))
      return [key, { address: `0x${address}`, peerId: '' }]
    }),
  )
}
