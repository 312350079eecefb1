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

/** Events of the blocks `fromBlock` … `toBlock`, in chain order; one request. */
export async function queryEvents(
  rpc: Rpc,
  { contracts, topics = [] }: EventFilter,
  fromBlock: number,
  toBlock: number,
  options?: RpcRequestOptions,
): Promise<ChainEvent[]> {
  const range = { fromBlock: toQuantity(fromBlock), toBlock: toQuantity(toBlock) }
  const filter = { ...range, address: [...contracts.keys()], topics }
  const logs = await rpc.request<RpcLog[]>('eth_getLogs', [filter], options)
  return logs
    .filter(({ removed }) => removed !== true)
    .flatMap((log) => decodeLog(log, contracts) ?? [])
    .sort((a, b) => a.blockNumber - b.blockNumber || a.logIndex - b.logIndex)
}

/** As `queryEvents`, for the largest range from `fromBlock` that the endpoint allows; `toBlock` of the result tells. */
export async function queryEventsFrom(
  rpc: Rpc,
  filter: EventFilter,
  fromBlock: number,
  toBlock: number,
  options?: RpcRequestOptions,
): Promise<{ events: ChainEvent[]; toBlock: number }> {
  for (let last = toBlock; ; last = fromBlock + Math.floor((last - fromBlock) / 2)) {
    try {
      return { events: await queryEvents(rpc, filter, fromBlock, last, options), toBlock: last }
    } catch (error) {
      if (!(error instanceof RpcRejection) || last === fromBlock) throw error
    }
  }
}
