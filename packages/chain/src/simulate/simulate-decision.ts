import { type Address, type Hex, keccak256Hex } from '@witan/protocol'
import type { ContractName } from '../abi/events.js'
import type { Intent } from '../intent.js'
import type { Contracts } from '../network/contracts.js'
import type { Rpc } from '../rpc/rpc.js'
import { type SimulatedCall, simulate, simulateTogether } from './simulate.js'

/** `Governor._governanceCall`: the calls of the governor to itself that it is executing, a queue of their digests. */
const GOVERNANCE_CALLS_SLOT = 5n

interface DecisionOptions {
  readonly contracts: ReadonlyMap<Address, ContractName>
  readonly signal?: AbortSignal | undefined
}

/**
 * What the calls of a decision would do if they were carried out now: sent by the timelock, and those to the governor as
 * its own decisions. Null for a call to the governor where the endpoint cannot try it. Throws what the first reverts with.
 */
export async function simulateDecision(
  rpc: Rpc,
  intents: readonly Intent[],
  { governor, timelock }: Pick<Contracts, 'governor' | 'timelock'>,
  { contracts, signal }: DecisionOptions,
): Promise<(SimulatedCall | null)[]> {
  const toGovernor = intents.filter(({ to }) => to === governor.address)
  const storage = new Map([[governor.address, queueOf(toGovernor)]])
  const options = { from: timelock.address, contracts, signal }
  const tried = await simulateTogether(rpc, intents, toGovernor.length === 0 ? options : { ...options, storage })
  if (tried !== undefined) return tried
  const others = intents.filter(({ to }) => to !== governor.address)
  const rest = others.length === 0 ? [] : await simulate(rpc, others, options)
  return intents.map((intent) => (intent.to === governor.address ? null : rest.shift()!))
}

/** The queue as it is while a proposal with these calls is executed. */
function queueOf(calls: readonly Intent[]): Record<Hex, Hex> {
  const end = BigInt(calls.length) << 128n
  const items = calls.map(({ data }, index): [Hex, Hex] => [itemSlot(BigInt(index)), keccak256Hex(bytesOf(data))])
  return { [wordOf(GOVERNANCE_CALLS_SLOT)]: wordOf(end), ...Object.fromEntries(items) }
}

function itemSlot(index: bigint): Hex {
  return keccak256Hex(bytesOf(`${wordOf(index)}${wordOf(GOVERNANCE_CALLS_SLOT + 1n).slice(2)}`))
}

const wordOf = (value: bigint): Hex => `0x${value.toString(16).padStart(64, '0')}`

const bytesOf = (hex: string) => Buffer.from(hex.slice(2), 'hex')
