import type { Address, Hex } from '@witan/protocol'
import { type ChainEvent, type ContractName, decodeLog, type RpcLog } from '../abi/events.js'
import { type Rpc, type RpcRequestOptions, toQuantity } from '../rpc/rpc.js'
import { RpcRejection } from '../rpc/rpc-rejection.js'

export interface EventFilter {
  readonly contracts: ReadonlyMap<Address, ContractName>
  /** By position: the value, any of several, or null for any. */
  readonly topics?: readonly (Hex | readonly Hex[] | null)[]
}

/** Blocks asked for at once when nothing else is said: what common public endpoints allow. */
export const DEFAULT_RANGE_BLOCKS = 5_000

/** Logs of the blocks `fromBlock` … `toBlock`, in chain order; one request. */
async function queryLogs(
  rpc: Rpc,
  { contracts, topics = [] }: EventFilter,
  fromBlock: number,
  toBlock: number,
  options?: RpcRequestOptions,
): Promise<RpcLog[]> {
  const range = { fromBlock: toQuantity(fromBlock), toBlock: toQuantity(toBlock) }
  const filter = { ...range, address: [...contracts.keys()], topics }
  const logs = await rpc.request<RpcLog[]>('eth_getLogs', [filter], options)
  return logs
    .filter(({ removed }) => removed !== true)
    .sort((a, b) => Number(a.blockNumber) - Number(b.blockNumber) || Number(a.logIndex) - Number(b.logIndex))
}

/** Logs of the largest range from `fromBlock` that the endpoint allows; `toBlock` of the result tells. */
export async function queryLogsFrom(
  rpc: Rpc,
  filter: EventFilter,
  fromBlock: number,
  toBlock: number,
  options?: RpcRequestOptions,
): Promise<{ logs: RpcLog[]; toBlock: number }> {
  for (let last = toBlock; ; last = fromBlock + Math.floor((last - fromBlock) / 2)) {
    try {
      return { logs: await queryLogs(rpc, filter, fromBlock, last, options), toBlock: last }
    } catch (error) {
      if (!(error instanceof RpcRejection) || last === fromBlock) throw error
    }
  }
}

export function eventsOf(logs: readonly RpcLog[], { contracts }: EventFilter): ChainEvent[] {
  return logs.flatMap((log) => decodeLog(log, contracts) ?? [])
}

/** Events of the blocks `fromBlock` … `toBlock`, in chain order; one request. */
export async function queryEvents(
  rpc: Rpc,
  filter: EventFilter,
  fromBlock: number,
  toBlock: number,
  options?: RpcRequestOptions,
): Promise<ChainEvent[]> {
  return eventsOf(await queryLogs(rpc, filter, fromBlock, toBlock, options), filter)
}

/** As `queryEvents`, for the largest range from `fromBlock` that the endpoint allows; `toBlock` of the result tells. */
export async function queryEventsFrom(
  rpc: Rpc,
  filter: EventFilter,
  fromBlock: number,
  toBlock: number,
  options?: RpcRequestOptions,
): Promise<{ events: ChainEvent[]; toBlock: number }> {
  const found = await queryLogsFrom(rpc, filter, fromBlock, toBlock, options)
  return { events: eventsOf(found.logs, filter), toBlock: found.toBlock }
}

/** All events of the blocks `fromBlock` … `toBlock`, in chain order, a page of as many blocks as the endpoint allows at a time. */
export async function* queryEventPages(
  rpc: Rpc,
  filter: EventFilter,
  fromBlock: number,
  toBlock: number,
  options?: RpcRequestOptions,
): AsyncGenerator<readonly ChainEvent[]> {
  for (let start = fromBlock; start <= toBlock; ) {
    const page = await queryEventsFrom(rpc, filter, start, toBlock, options)
    yield page.events
    start = page.toBlock + 1
  }
}
