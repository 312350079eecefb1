import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { type ChainClient, openChain, readNetworkFile } from '@witan/chain'
import { WitanError } from '@witan/protocol'
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
  const { clock, signal } = context
  return openChain(readNetworkFile(networkFilePath(values, context)), { clock, signal })
}
