import { type Address, bytesToWords, type Hex, SHARE_ONE, unpackWords, WEIGHT_ONE, WitanError } from '@witan/protocol'
import { type ContractName, eventTopic, type TypedEvent } from '../abi/events.js'
import { DEFAULT_RANGE_BLOCKS, queryEventPages, queryEvents } from '../events/query-events.js'
import type { Contracts } from '../network/contracts.js'
import type { Rpc, RpcRequestOptions } from '../rpc/rpc.js'
import { toQuantity } from '../rpc/rpc.js'
import { creditsOf, type SlotCredit } from './epoch-credits.js'
import { uidsOf } from './reads/read-consensus.js'

export type EpochSettledEvent = TypedEvent<'Consensus', 'EpochSettled'>

/** What an epoch resulted in. Arrays by uid; fractions of 1. */
export interface SettledEpoch {
  readonly netuid: number
  readonly epoch: number
  readonly settler: Address
  readonly blockNumber: number
  readonly transactionHash: Hex
  readonly uids: number
  /** Uids that hold a permit from here on, ascending. */
  readonly permits: readonly number[]
  readonly consensus: readonly number[]
  readonly validatorTrust: readonly number[]
  readonly incentive: readonly number[]
  readonly dividends: readonly number[]
  /** What the validators' part is paid by: the dividends, or stake when nobody voted usefully. */
  readonly validatorPay: readonly number[]
}

/** A settlement and what it paid. */
export interface PaidEpoch extends SettledEpoch {
  /** By uid; empty when nothing was paid. */
  readonly credits: readonly SlotCredit[]
}

/** The settlement in a block, from its event. Throws `EVENTS_MISSING`. */
export async function readSettledEpoch(
  rpc: Rpc,
  contracts: Contracts,
  netuid: number,
  blockNumber: number,
  options?: RpcRequestOptions,
): Promise<SettledEpoch> {
  return toSettledEpoch(await findSettlement(rpc, contracts, netuid, blockNumber, options))
}

/** As `readSettledEpoch`, with the wei that every slot got. */
export async function readPaidEpoch(
  rpc: Rpc,
  contracts: Contracts,
  netuid: number,
  blockNumber: number,
  options?: RpcRequestOptions,
): Promise<PaidEpoch> {
  const { consensus, emission } = contracts
  const filter = {
    contracts: new Map<Address, ContractName>([
      [consensus.address, 'Consensus'],
      [emission.address, 'Emission'],
    ]),
    topics: [
      [
        eventTopic('Consensus', 'EpochSettled'),
        eventTopic('Emission', 'EpochPaid'),
        eventTopic('Emission', 'PayRedirected'),
      ],
      uidTopic(netuid),
    ],
  }
  const events = await queryEvents(rpc, filter, blockNumber, blockNumber, options)
  const settled = events.findLast((event) => event.name === 'EpochSettled')
  if (settled?.name !== 'EpochSettled') throw settlementMissing(netuid, blockNumber)
  return { ...toSettledEpoch(settled), credits: creditsOf(events) }
}

/** The `EpochSettled` of a block. Throws `EVENTS_MISSING`. */
export async function findSettlement(
  rpc: Rpc,
  contracts: Contracts,
  netuid: number,
  blockNumber: number,
  options?: RpcRequestOptions,
): Promise<EpochSettledEvent> {
  const [event] = await queryEvents(rpc, filterOf(contracts, netuid), blockNumber, blockNumber, options)
  if (event?.name !== 'EpochSettled') throw settlementMissing(netuid, blockNumber)
  return event
}

function settlementMissing(netuid: number, blockNumber: number): WitanError {
  return new WitanError('EVENTS_MISSING', 'The settlement of an epoch is not among the events of its block', {
    facts: { netuid, blockNumber },
  })
}

/** The last `EpochSettled` of blocks `fromBlock` … `toBlock`, searched backwards; undefined when there is none. */
export async function findLastSettlement(
  rpc: Rpc,
  contracts: Contracts,
  netuid: number,
  { fromBlock, toBlock, ...options }: { fromBlock: number; toBlock: number } & RpcRequestOptions,
): Promise<EpochSettledEvent | undefined> {
  const filter = filterOf(contracts, netuid)
  for (let end = toBlock; end >= fromBlock; end -= DEFAULT_RANGE_BLOCKS) {
    let last: EpochSettledEvent | undefined
    const start = Math.max(fromBlock, end - DEFAULT_RANGE_BLOCKS + 1)
    for await (const events of queryEventPages(rpc, filter, start, end, options)) {
      const event = events.at(-1)
      if (event?.name === 'EpochSettled') last = event
    }
    if (last !== undefined) return last
  }
  return undefined
}

export function toSettledEpoch(event: EpochSettledEvent): SettledEpoch {
  const { netuid, epoch, settler, result } = event.args
  const { blockNumber, transactionHash } = event
  const { uids, permits } = result
  const fractions = (bytes: Hex, one: bigint) =>
    unpackWords(bytesToWords(bytes), 32, uids).map((value) => Number(value) / Number(one))
  return {
    netuid,
    epoch: Number(epoch),
    settler,
    blockNumber,
    transactionHash,
    uids,
    permits: uidsOf(permits),
    consensus: fractions(result.consensus, WEIGHT_ONE),
    validatorTrust: fractions(result.validatorTrust, WEIGHT_ONE),
    incentive: fractions(result.incentive, SHARE_ONE),
    dividends: fractions(result.dividends, SHARE_ONE),
    validatorPay: fractions(result.validatorPay, SHARE_ONE),
  }
}

/** A netuid or uid as an indexed topic. */
export function uidTopic(value: number): Hex {
  return `0x${toQuantity(value).slice(2).padStart(64, '0')}`
}

function filterOf({ consensus }: Contracts, netuid: number) {
  return {
    contracts: new Map<Address, ContractName>([[consensus.address, 'Consensus']]),
    topics: [eventTopic('Consensus', 'EpochSettled'), uidTopic(netuid)],
  }
}
