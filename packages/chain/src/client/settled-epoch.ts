import { type Address, type Hex, SHARE_ONE, WEIGHT_ONE, WitanError } from '@witan/protocol'
import type { ContractName } from '../abi/events.js'
import { eventTopic, type TypedEvent } from '../abi/events.js'
import { queryEvents } from '../events/query-events.js'
import type { Contracts } from '../network/contracts.js'
import type { Rpc, RpcRequestOptions } from '../rpc/rpc.js'
import { toQuantity } from '../rpc/rpc.js'
import { uidsOf } from './reads/read-consensus.js'

/** What an epoch resulted in. Arrays by uid; fractions of 1. */
export interface SettledEpoch {
  readonly netuid: number
  readonly epoch: number
  readonly settler: Address
  readonly blockNumber: number
  readonly transactionHash: Hex
  /** Uids that hold a permit from here on, ascending. */
  readonly permits: readonly number[]
  /** Quantised. */
  readonly stakes: readonly number[]
  readonly consensus: readonly number[]
  readonly validatorTrust: readonly number[]
  readonly incentive: readonly number[]
  readonly dividends: readonly number[]
  /** Packed bond rows of the holders of `permits`, in their order. */
  readonly bonds: readonly (readonly bigint[])[]
}

/** The settlement in a block, from its event. Throws `EVENTS_MISSING`. */
export async function readSettledEpoch(
  rpc: Rpc,
  { consensus }: Contracts,
  netuid: number,
  blockNumber: number,
  options?: RpcRequestOptions,
): Promise<SettledEpoch> {
  const contracts = new Map<Address, ContractName>([[consensus.address, 'Consensus']])
  const topics = [eventTopic('Consensus', 'EpochSettled'), uidTopic(netuid)]
  const [event] = await queryEvents(rpc, { contracts, topics }, blockNumber, blockNumber, options)
  if (event?.name !== 'EpochSettled') {
    throw new WitanError('EVENTS_MISSING', 'The settlement of an epoch is not among the events of its block', {
      facts: { netuid, blockNumber },
    })
  }
  return toSettledEpoch(event)
}

export function toSettledEpoch(event: TypedEvent<'Consensus', 'EpochSettled'>): SettledEpoch {
  const { netuid, epoch, settler, result } = event.args
  const { blockNumber, transactionHash } = event
  return {
    netuid,
    epoch: Number(epoch),
    settler,
    blockNumber,
    transactionHash,
    permits: uidsOf(result.permits),
    stakes: result.stakes,
    consensus: result.consensus.map((value) => fraction(value, WEIGHT_ONE)),
    validatorTrust: result.validatorTrust.map((value) => fraction(value, WEIGHT_ONE)),
    incentive: result.incentive.map((value) => fraction(value, SHARE_ONE)),
    dividends: result.dividends.map((value) => fraction(value, SHARE_ONE)),
    bonds: result.bonds,
  }
}

/** A netuid or uid as an indexed topic. */
export function uidTopic(value: number): Hex {
  return `0x${toQuantity(value).slice(2).padStart(64, '0')}`
}

function fraction(value: bigint | number, one: bigint): number {
  return Number(value) / Number(one)
}
