import type { Address, Hex } from '@witan/protocol'
import type { Output } from '../../abi/contract.js'
import type { Abis } from '../../abi/events.js'

/** The record of an operator on chain: what its signed address record must hash to. */
export interface RecordEntry {
  readonly digest: Hex
  /** Only grows. */
  readonly seq: number
  /** Unix seconds. */
  readonly expiry: number
}

export interface Neuron {
  readonly uid: number
  readonly nodeId: bigint
  /** Unix seconds. */
  readonly registeredAt: number
  readonly operator: Address
  readonly owner: Address
  readonly takeBps: number
  /** The node's unlocked stake, wei. */
  readonly stake: bigint
  /** Absent when never announced, or expired. */
  readonly record: RecordEntry | undefined
}

export function toNeuron(row: Output<Abis['Subnets'], 'neuron'>): Neuron {
  const { recordDigest, recordSeq, recordExpiry, ...rest } = row
  return { ...rest, record: toRecord({ digest: recordDigest, seq: recordSeq, expiry: recordExpiry }) }
}

export function toRecord({
  digest,
  seq,
  expiry,
}: {
  digest: Hex
  seq: bigint
  expiry: bigint
}): RecordEntry | undefined {
  return BigInt(digest) === 0n ? undefined : { digest, seq: Number(seq), expiry: Number(expiry) }
}
