import { readFileSync, writeFileSync } from 'node:fs'
import { type Address, bytesToHex, LOCAL_CHAIN_ID, MINIMAL_MIN_EPOCH_LENGTH, MINIMAL_PARAMETERS } from '@witan/protocol'
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
  CONSUMER,
  DEPLOYER,
  KEYS,
  type LocalNode,
  MAX_REGISTRATION_PRICE,
  MODEL,
  NETUID,
  ownerOf,
  ROSTER,
  STAKE_EACH,
  SUBNET_OWNER,
  TOKENS_EACH,
  VALIDATORS,
} from './roster.js'
import { writeDeployFile, writeNodeConfig } from './write-configs.js'

/** Seconds: unstaking and rewards are to be seen within minutes on a local network. */
const UNBONDING_SECONDS = 60
const SUBNET_PRICE_TOKENS = '100'

export interface LocalKeys {
  readonly [name: string]: { readonly address: Address; readonly peerId: string }
}

/** Makes the password and all keys: `witan key new`, once each. */
export async function createKeys(files: Layout, context: CommandContext): Promise<LocalKeys> {
  writeFileSync(files.password, `${bytesToHex(context.random.bytes(16)).slice(2)}\n`, { mode: 0o600 })
  const keys = KEYS.map(async (key) => {
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
  { files, keys, rpcUrl }: { files: Layout; keys: LocalKeys; rpcUrl: string },
  context: CommandContext,
): Promise<void> {
  const validatorPorts = await freePorts(VALIDATORS.length)
  const consumer = keys[CONSUMER]!.address
  for (const node of ROSTER)
    writeNodeConfig(node, files, { port: validatorPorts[VALIDATORS.indexOf(node)] ?? 0, consumer })
  const holders = [SUBNET_OWNER, ...ROSTER.map(ownerOf)]
  writeDeployFile(files, {
    name: 'local',
    chainId: LOCAL_CHAIN_ID,
    genesis: holders.map((name) => ({ address: keys[name]!.address, amount: formatTokens(TOKENS_EACH) })),
    minEpochLength: MINIMAL_MIN_EPOCH_LENGTH,
    unbonding: UNBONDING_SECONDS,
    rewardUnlock: MINIMAL_PARAMETERS.epochLength,
    moveLock: MINIMAL_PARAMETERS.epochLength,
    subnetPrice: SUBNET_PRICE_TOKENS,
    listedFromStart: NETUID,
    gaugePeriod: MINIMAL_PARAMETERS.epochLength,
    maxShareBps: 10_000,
    channelGrace: MINIMAL_PARAMETERS.epochLength,
    tableDelay: MINIMAL_PARAMETERS.epochLength,
    datasetVote: UNBONDING_SECONDS,
    datasetCorrection: 2 * UNBONDING_SECONDS,
    modelGrace: MINIMAL_PARAMETERS.epochLength,
  })
  const bootstrap = VALIDATORS.map(
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

const sendAs = (files: Layout, key: string) => ({
  home: files.home,
  network: files.networkFile,
  key,
  passwordFile: undefined,
  dryRun: false,
  yes: true,
})

/** `witan subnet create`. */
export async function createSubnet(files: Layout, context: CommandContext): Promise<void> {
  const options = {
    name: 'reading',
    model: [MODEL],
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
export function readKeys(files: Layout): LocalKeys {
  return Object.fromEntries(
    KEYS.map((key) => {
      const { address } = JSON.parse(readFileSync(`${files.home}/keys/${key}.json`, 'utf8'))
      return [key, { address: `0x${address}`, peerId: '' }]
    }),
  )
}
