import { type Address, type Hex, WitanError } from '@witan/protocol'
import { type ChainEvent, type ContractName, decodeLog, type RpcLog } from '../abi/events.js'
import { decodeRevert } from '../abi/revert.js'
import { readBlock, readLatestBlock } from '../blocks/block.js'
import { callName, type Intent } from '../intent.js'
import { type BlockTag, type Rpc, toBlockParameter, toQuantity } from '../rpc/rpc.js'
import { RpcRejection } from '../rpc/rpc-rejection.js'
import { callFields, estimateGas, submissionError } from '../sender/estimate.js'

const METHOD_NOT_FOUND = -32601

export interface SimulationOptions {
  readonly from: Address
  readonly block?: BlockTag
  readonly contracts: ReadonlyMap<Address, ContractName>
  readonly signal?: AbortSignal | undefined
  /** Words of storage that a contract is taken to have, by slot. */
  readonly storage?: ReadonlyMap<Address, Readonly<Record<Hex, Hex>>>
}

/** What an intent would do: nothing is sent. */
export interface SimulatedCall {
  readonly intent: Intent
  readonly gasUsed: number
  readonly events: readonly ChainEvent[]
}

interface RpcSimulatedCall {
  readonly status: string
  readonly gasUsed: string
  readonly returnData: Hex
  readonly logs: readonly RpcLog[]
  readonly error?: { readonly data?: string }
}

/**
 * Runs intents one after the other on the state of a block, each on what the ones before left (eth_simulateV1). Throws
 * the decoded error of the first that reverts.
 */
export async function simulate(
  rpc: Rpc,
  intents: readonly Intent[],
  options: SimulationOptions,
): Promise<SimulatedCall[]> {
  const simulated = await simulateTogether(rpc, intents, options)
  return simulated ?? estimateEach(rpc, options.from, intents, options.signal)
}

/** As `simulate`; undefined where the endpoint has no eth_simulateV1. */
export async function simulateTogether(
  rpc: Rpc,
  intents: readonly Intent[],
  { from, block: tag = 'latest', contracts, storage = new Map(), signal }: SimulationOptions,
): Promise<SimulatedCall[] | undefined> {
  const block = (await readBlock(rpc, tag, { signal })) ?? (await readLatestBlock(rpc, { signal }))
  const calls = intents.map((intent) => callFields(from, intent))
  const blockOverrides = { number: toQuantity(block.number + 1), time: toQuantity(block.timestamp + 1) }
  const stateOverrides = Object.fromEntries([...storage].map(([address, stateDiff]) => [address, { stateDiff }]))
  const payload = { blockStateCalls: [{ blockOverrides, stateOverrides, calls }], validation: false }
  const results = await runSimulation(rpc, payload, toBlockParameter(block.number), signal).catch((error: unknown) => {
    if (isUnknownMethod(error)) return undefined
    throw submissionError(error, from, intents.map(callName).join(', '))
  })
  if (results === undefined) return undefined
  return intents.map((intent, index) => {
    const result = results[index]
    if (result === undefined) {
      throw new WitanError('RPC_REJECTED', 'The endpoint simulated fewer calls than asked', {
        facts: { asked: intents.length },
      })
    }
    if (result.status !== '0x1') throw decodeRevert((result.error?.data as Hex) ?? result.returnData, callName(intent))
    const events = result.logs.flatMap((log) => decodeLog(log, contracts) ?? [])
    return { intent, gasUsed: Number(result.gasUsed), events }
  })
}

/** For endpoints without eth_simulateV1: each intent by itself on the newest state, without its events. */
function estimateEach(
  rpc: Rpc,
  from: Address,
  intents: readonly Intent[],
  signal?: AbortSignal,
): Promise<SimulatedCall[]> {
  return Promise.all(
    intents.map(async (intent) => ({ intent, gasUsed: await estimateGas(rpc, from, intent, signal), events: [] })),
  )
}

function isUnknownMethod(error: unknown): boolean {
  return error instanceof RpcRejection && error.rpcCode === METHOD_NOT_FOUND
}

async function runSimulation(
  rpc: Rpc,
  payload: unknown,
  block: string,
  signal: AbortSignal | undefined,
): Promise<readonly RpcSimulatedCall[]> {
  const blocks = await rpc.request<{ calls: RpcSimulatedCall[] }[]>('eth_simulateV1', [payload, block], { signal })
  return blocks.flatMap(({ calls }) => calls)
}
