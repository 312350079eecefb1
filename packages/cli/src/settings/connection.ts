import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import {
  type ChainClient,
  type ChainMetrics,
  type NetworkFile,
  openChain,
  publicPart,
  readNetworkFile,
} from '@witan/chain'
import { isWitanError, WitanError } from '@witan/protocol'
import type { CommandContext } from '../command/context.js'
import { option } from '../command/option.js'
import { asInteger, asText } from '../command/parse.js'
import { homeFolder, homeOption, networkFileIn } from './home.js'

/** What every command that looks at a network takes. */
export const networkOptions = {
  home: homeOption,
  network: option.optional('--network <file>', 'network file (default: network.yaml in the home folder)', asText),
} as const

export interface NetworkValues {
  readonly home: string | undefined
  readonly network: string | undefined
}

export const netuidOption = option.withDefault('--netuid <netuid>', 'the subnet', asInteger(1, 65_535), 1)

/** Throws `NETWORK_NOT_CHOSEN` when neither flag, environment nor home names one. */
export function networkFilePath({ home, network }: NetworkValues, context: CommandContext): string {
  const named = network ?? context.env.WITAN_NETWORK
  if (named !== undefined && named !== '') return resolve(context.directory, named)
  const path = networkFileIn(homeFolder(home, context))
  if (existsSync(path)) return path
  throw new WitanError('NETWORK_NOT_CHOSEN', 'There is no network file', { facts: { path } })
}

export function openNetwork(values: NetworkValues, context: CommandContext): Promise<ChainClient> {
  return connect(readNetworkFile(networkFilePath(values, context)), context)
}

/** Opens the network's chain. Throws `RPC_UNAVAILABLE`, `WRONG_CHAIN_ID` or `CONTRACT_MISSING`. */
export function connect(network: NetworkFile, context: CommandContext, metrics?: ChainMetrics): Promise<ChainClient> {
  const { clock } = context
  return firstContact(network.rpcUrls, context, (signal) => openChain(network, { clock, metrics, signal }))
}

/** An endpoint that takes connections and never answers is told about within seconds, not after every retry. */
const FIRST_CONTACT_MS = 5_000
/** What an endpoint before the last may take before the next one is asked. */
const FAILOVER_MS = 10_000

/** Runs the first requests to a chain under one deadline. Throws `RPC_UNAVAILABLE` when it passes. */
export async function firstContact<T>(
  urls: readonly string[],
  { clock, signal }: CommandContext,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const timeoutMs = FIRST_CONTACT_MS + (urls.length - 1) * FAILOVER_MS
  using deadline = clock.timeout(timeoutMs, signal)
  try {
    return await run(deadline)
  } catch (cause) {
    if (!isWitanError(cause, 'DEADLINE_EXCEEDED')) throw cause
    const facts = { endpoint: urls.map(publicPart).join(' '), reason: `no answer in ${timeoutMs} ms` }
    throw new WitanError('RPC_UNAVAILABLE', 'No RPC endpoint answers', { facts, cause })
  }
}
