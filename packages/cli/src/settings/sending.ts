import {
  type ChainClient,
  type DecodedCall,
  type GasQuote,
  type Intent,
  quoteGas,
  readKeystoreAddress,
  type SimulatedCall,
  simulate,
  type TransactionResult,
} from '@witan/chain'
import { type Address, bytesToHex, isWitanError, WitanError } from '@witan/protocol'
import { createLogger } from '@witan/runtime'
import type { CommandContext } from '../command/context.js'
import { toggle } from '../command/option.js'
import { formatCoin, formatGasQuote } from '../output/gas-cost.js'
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
  /** What it cost in the chain's coin; absent in a dry run. */
  readonly feeWei?: bigint
  readonly events: TransactionResult['events']
}

type EventOfCall = SentCall['events'][number]

export interface Sent {
  readonly from: Address
  readonly dryRun: boolean
  readonly calls: readonly SentCall[]
  /** What the calls together would cost; in a dry run. */
  readonly cost?: GasQuote
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
    return { from, dryRun: true, calls, cost: await costOf(client, simulated, from, context) }
  }
  const isAsked = !values.yes && context.terminal.interactive
  const tried = intents.length > 1 || isAsked ? await tryTogether(client, intents, from, context) : undefined
  if (isAsked) {
    const cost = tried && formatGasQuote(await costOf(client, tried, from, context))
    context.terminal.note(
      cost ?? 'what it costs cannot be told before: the endpoint does not try several calls together',
    )
  }
  await confirm(intents, values, context)
  const results = await submitAll(client, intents, values, context)
  const calls = results.map(({ hash, blockNumber, gasUsed, feeWei, events }, index) => {
    return { ...described(intents[index]!), hash, blockNumber, gasUsed, feeWei, events }
  })
  return { from, dryRun: false, calls }
}

/**
 * Calls that build on each other are tried together first: a price that is too high must not leave the approval before
 * it behind. An endpoint that cannot try several calls misses the approval of the first; then each is tried when sent.
 */
async function tryTogether(
  client: ChainClient,
  intents: readonly Intent[],
  from: Address,
  { signal }: CommandContext,
): Promise<SimulatedCall[] | undefined> {
  try {
    return await client.simulate(intents, from, signal)
  } catch (error) {
    if (!isWitanError(error, 'INSUFFICIENT_ALLOWANCE')) throw error
    return undefined
  }
}

function costOf(
  { rpc }: ChainClient,
  tried: readonly SimulatedCall[],
  payer: Address,
  { signal }: CommandContext,
): Promise<GasQuote> {
  const gas = tried.reduce((sum, { gasUsed }) => sum + gasUsed, 0)
  return quoteGas(rpc, gas, payer, signal)
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

/** For people: a line a call, and what a dry run would cost. */
export function renderSent({ cost, ...sent }: Sent): string {
  return cost === undefined ? renderCalls(sent) : `${renderCalls(sent)}\n${formatGasQuote(cost)}`
}

/** For people: a line a call. */
export function renderCalls({ from, dryRun, calls }: Omit<Sent, 'cost'>): string {
  return calls
    .map(({ description, call, hash, blockNumber, gasUsed, feeWei = 0n, events }) => {
      const head = dryRun ? `would ${description}` : description
      const where = dryRun
        ? `${gasUsed} gas, from ${from}`
        : `block ${blockNumber}, ${gasUsed} gas for ${formatCoin(feeWei)}, ${hash}`
      const details = dryRun
        ? [`  ${call.contract}.${call.method}(${toJson(call.args).replaceAll(/\s*\n\s*/g, ' ')})`]
        : []
      const effects = dryRun ? events.map((event) => `  → ${event.name}`) : []
      return [`${head} (${where})`, ...details, ...effects].join('\n')
    })
    .join('\n')
}
