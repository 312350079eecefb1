import {
  type ChainClient,
  type DecodedCall,
  type Intent,
  readKeystoreAddress,
  type SimulatedCall,
  simulate,
  type TransactionResult,
} from '@witan/chain'
import { type Address, bytesToHex, isWitanError, WitanError } from '@witan/protocol'
import { createLogger } from '@witan/runtime'
import type { CommandContext } from '../command/context.js'
import { toggle } from '../command/option.js'
import { toJson } from '../output/json.js'
import { type NetworkValues, networkOptions } from './connection.js'
import { homeFolder } from './home.js'
import { keyOption, keystorePath, passwordFileOption } from './keys.js'
import { withSender } from './with-sender.js'

/** What every command that sends a transaction takes. */
export const sendOptions = {
  ...networkOptions,
  key: keyOption('that sends and pays'),
  passwordFile: passwordFileOption,
  dryRun: toggle('--dry-run', 'show what would be sent and what it would do, and send nothing'),
  yes: toggle('--yes', 'send without asking'),
} as const

export interface SendValues extends NetworkValues {
  readonly key: string
  readonly passwordFile: string | undefined
  readonly dryRun: boolean
  readonly yes: boolean
}

export interface SentCall {
  readonly description: string
  readonly call: DecodedCall
  /** Absent in a dry run. */
  readonly hash?: string
  readonly blockNumber?: number
  readonly gasUsed: number
  readonly events: TransactionResult['events']
}

type EventOfCall = SentCall['events'][number]

export interface Sent {
  readonly from: Address
  readonly dryRun: boolean
  readonly calls: readonly SentCall[]
}

/** The address of the key that would send; its password is not needed. */
export async function senderAddress(values: SendValues, context: CommandContext): Promise<Address> {
  const path = keystorePath(values.key, homeFolder(values.home, context), context)
  const address = await readKeystoreAddress(path)
  if (address !== undefined) return address
  throw new WitanError('KEYSTORE_INVALID', 'The keystore does not name its address', { facts: { path } })
}

type ArgumentsOf<Name extends EventOfCall['name']> = Extract<EventOfCall, { name: Name }>['args']

/** Arguments of the first event of a name among those of the calls. */
export function argumentsOf<Name extends EventOfCall['name']>(
  { calls }: Pick<Sent, 'calls'>,
  name: Name,
): ArgumentsOf<Name> | undefined {
  const event: { readonly args: unknown } | undefined = calls
    .flatMap(({ events }) => events)
    .find((candidate) => candidate.name === name)
  return event?.args as ArgumentsOf<Name> | undefined
}

/** What the intents would do, with the events of all contracts of the network. */
async function simulateAll(
  client: ChainClient,
  intents: readonly Intent[],
  from: Address,
  { signal }: CommandContext,
): Promise<SimulatedCall[]> {
  const { contractsByAddress: contracts } = await client.companions()
  return simulate(client.rpc, intents, { from, contracts, signal })
}

/** Sends intents one after the other, or only shows what they would do. Asks first unless `--yes`. */
export async function sendIntents(
  client: ChainClient,
  intents: readonly Intent[],
  values: SendValues,
  context: CommandContext,
): Promise<Sent> {
  const from = await senderAddress(values, context)
  if (intents.length === 0) return { from, dryRun: values.dryRun, calls: [] }
  if (values.dryRun) {
    const simulated = await simulateAll(client, intents, from, context)
    const calls = simulated.map(({ intent, gasUsed, events }) => ({ ...described(intent), gasUsed, events }))
    return { from, dryRun: true, calls }
  }
  await checkTogether(client, intents, from, context)
  await confirm(intents, values, context)
  const results = await submitAll(client, intents, values, context)
  const calls = results.map(({ hash, blockNumber, gasUsed, events }, index) => {
    return { ...described(intents[index]!), hash, blockNumber, gasUsed, events }
  })
  return { from, dryRun: false, calls }
}

/**
 * Calls that build on each other are tried together first: a price that is too high must not leave the approval before
 * it behind. An endpoint that cannot try several calls misses the approval of the first; then each is tried when sent.
 */
async function checkTogether(
  client: ChainClient,
  intents: readonly Intent[],
  from: Address,
  { signal }: CommandContext,
): Promise<void> {
  if (intents.length < 2) return
  try {
    await client.simulate(intents, from, signal)
  } catch (error) {
    if (!isWitanError(error, 'INSUFFICIENT_ALLOWANCE')) throw error
  }
}

async function submitAll(
  client: ChainClient,
  intents: readonly Intent[],
  values: SendValues,
  context: CommandContext,
): Promise<TransactionResult[]> {
  const { random, signal } = context
  const { network, genesisHash, rpc } = client
  const { contractsByAddress: contracts } = await client.companions()
  const logger = createLogger({ name: 'witan', level: 'warn' })
  const chain = { chainId: network.chainId, genesisHash, rpc, contracts, logger }
  return withSender(values, chain, context, async (sender) => {
    const results: TransactionResult[] = []
    for (const intent of intents) {
      // Each call of a command is a wish of its own: repeating the command repeats the wish.
      const idempotenceKey = `command:${bytesToHex(random.bytes(16))}`
      results.push(await sender.submit(intent, { idempotenceKey, signal }))
    }
    return results
  })
}

async function confirm(intents: readonly Intent[], { yes }: SendValues, { terminal }: CommandContext): Promise<void> {
  if (yes) return
  const lines = intents.map(({ description }) => description).join('; ')
  if (!terminal.interactive) {
    throw new WitanError('CONFIRMATION_NEEDED', 'The transaction needs a confirmation', { facts: { calls: lines } })
  }
  if (await terminal.confirm(`${lines}?`)) return
  throw new WitanError('NOT_CONFIRMED', 'The answer was no', { facts: { calls: lines } })
}

const described = ({ description, call }: Intent) => ({ description, call })

/** For people: a line a call. */
export function renderSent({ from, dryRun, calls }: Sent): string {
  return calls
    .map(({ description, call, hash, blockNumber, gasUsed, events }) => {
      const head = dryRun ? `would ${description}` : description
      const where = dryRun ? `${gasUsed} gas, from ${from}` : `block ${blockNumber}, ${gasUsed} gas, ${hash}`
      const details = dryRun
        ? [`  ${call.contract}.${call.method}(${toJson(call.args).replaceAll(/\s*\n\s*/g, ' ')})`]
        : []
      const effects = dryRun ? events.map((event) => `  → ${event.name}`) : []
      return [`${head} (${where})`, ...details, ...effects].join('\n')
    })
    .join('\n')
}
