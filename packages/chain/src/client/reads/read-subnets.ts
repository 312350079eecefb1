import {
  type Address,
  type EpochSchedule,
  type EpochWindow,
  type Hex,
  isWitanError,
  type SubnetParameters,
} from '@witan/protocol'
import type { ReadOptions } from '../../abi/contract.js'
import type { Contracts } from '../../network/contracts.js'
import type { LastPay } from '../intents/subnet-intents.js'
import { type Neuron, type RecordEntry, toNeuron, toRecord } from './neuron.js'
import { uidsOf } from './read-consensus.js'
import { unlessClosed } from './unless-closed.js'

export interface Subnet {
  readonly netuid: number
  readonly owner: Address
  readonly name: string
  /** Identifier of the scoring mechanism. */
  readonly mechanism: Hex
  readonly modelVersions: readonly Hex[]
  readonly neuronCount: number
  /** Unix seconds: when it was created. */
  readonly startedAt: number
  /** Whether only members may register. */
  readonly isConsortium: boolean
  /** When the last epoch ends, unix seconds; undefined unless the subnet is dissolved. */
  readonly closesAt: number | undefined
  /** Wei that the owner gets back once a dissolved subnet is closed. */
  readonly lockWei: bigint
  readonly schedule: EpochSchedule
  readonly parameters: SubnetParameters
}

export interface EpochContext extends EpochWindow {
  readonly parameters: SubnetParameters
}

export interface PendingParameters {
  readonly fromEpoch: number
  readonly parameters: SubnetParameters
}

const CONSORTIUM = 1

/** Decoding long arrays of structs costs more than in proportion: pages keep it linear. */
const PAGE = 128

export type SubnetReads = ReturnType<typeof readSubnets>

export function readSubnets({ subnets, token }: Contracts) {
  const neurons = async (netuid: number, options?: ReadOptions): Promise<Neuron[]> => {
    const found: Neuron[] = []
    for (;;) {
      const page = await subnets.read('neurons', [netuid, found.length, PAGE], options)
      found.push(...page.map(toNeuron))
      if (page.length < PAGE) return found
    }
  }

  /**
   * The calendar of the parameters in force: `startedAt` is when epoch 0 would have started had they always been, so
   * epochs have their numbers whatever the lengths were before.
   */
  const scheduleOf = async (netuid: number, options?: ReadOptions): Promise<EpochSchedule> => {
    const [[firstStart, epochLength, revealWindow], epoch] = await Promise.all([
      subnets.read('timing', [netuid], options),
      unlessClosed(subnets.read('currentEpoch', [netuid], options)),
    ])
    // No epoch runs in a closed subnet: as if the last lengths had always been.
    if (epoch === undefined) return { startedAt: firstStart, epochLength, revealWindow }
    const [start] = await subnets.read('windows', [netuid, epoch], options)
    return { startedAt: start - Number(epoch) * epochLength, epochLength, revealWindow }
  }

  return {
    count: (options?: ReadOptions): Promise<number> => subnets.read('subnetCount', [], options),

    /** Throws `SUBNET_UNKNOWN`. */
    async subnet(netuid: number, options?: ReadOptions): Promise<Subnet> {
      const [{ membership, closesAt, lock, ...subnet }, modelVersions, schedule] = await Promise.all([
        subnets.read('subnet', [netuid], options),
        subnets.read('modelVersions', [netuid], options),
        scheduleOf(netuid, options),
      ])
      return {
        netuid,
        ...subnet,
        isConsortium: membership === CONSORTIUM,
        closesAt: closesAt === 0 ? undefined : closesAt,
        lockWei: lock,
        modelVersions,
        schedule,
      }
    },

    schedule: scheduleOf,

    /** The windows and parameters of an epoch. */
    async epochContext(netuid: number, epoch: number, options?: ReadOptions): Promise<EpochContext> {
      const [start, end, revealEnd, settleEnd, parameters] = await subnets.read(
        'epochContext',
        [netuid, BigInt(epoch)],
        options,
      )
      return { startsAt: start, endsAt: end, revealEndsAt: revealEnd, settleEndsAt: settleEnd, parameters }
    },

    /** The parameters that replace those in force, and the epoch from which on; undefined when none do. */
    async pending(netuid: number, options?: ReadOptions): Promise<PendingParameters | undefined> {
      const [pending, fromEpoch, parameters] = await subnets.read('pendingParameters', [netuid], options)
      return pending ? { fromEpoch: Number(fromEpoch), parameters } : undefined
    },

    ownerOf: (netuid: number, options?: ReadOptions): Promise<Address> => subnets.read('ownerOf', [netuid], options),

    /** How many neurons go before the slot; undefined: immune or vacant. */
    async pruningRank(
      netuid: number,
      uid: number,
      lastPay: LastPay,
      options?: ReadOptions,
    ): Promise<number | undefined> {
      const [prunable, rank] = await subnets.read('pruningRank', [netuid, uid, lastPay], options)
      return prunable ? Number(rank) : undefined
    },

    /** Uids that the owner declared its own, in the epoch that ends at `end` (unix seconds). */
    async ownSlots(netuid: number, end: number, options?: ReadOptions): Promise<number[]> {
      return uidsOf(await subnets.read('ownSlotsAt', [netuid, end], options))
    },

    neurons,

    async neuron(netuid: number, uid: number, options?: ReadOptions): Promise<Neuron> {
      return toNeuron(await subnets.read('neuron', [netuid, uid], options))
    },

    /** The operator's slot in the subnet, or undefined when it is not registered there. */
    async uidOf(netuid: number, operator: Address, options?: ReadOptions): Promise<number | undefined> {
      try {
        return await subnets.read('uidOf', [netuid, operator], options)
      } catch (error) {
        if (isWitanError(error, 'UNREGISTERED_OPERATOR')) return undefined
        throw error
      }
    },

    /** The last record announced, expired or not. */
    async record(operator: Address, options?: ReadOptions): Promise<RecordEntry | undefined> {
      return toRecord(await subnets.read('record', [operator], options))
    },

    /** The record in force. */
    async resolve(operator: Address, options?: ReadOptions): Promise<RecordEntry | undefined> {
      return toRecord(await subnets.read('resolve', [operator], options))
    },

    /** Wei that registering burns now. */
    registrationPrice: (netuid: number, options?: ReadOptions): Promise<bigint> =>
      subnets.read('registrationPrice', [netuid], options),

    /** Wei that creating a subnet burns. */
    creationPrice: (options?: ReadOptions): Promise<bigint> => subnets.read('creationPrice', [], options),

    /** Nonce that the next consent of the operator must carry. */
    consentNonce: (operator: Address, options?: ReadOptions): Promise<bigint> =>
      subnets.read('nonces', [operator], options),

    /** Wei that `Subnets` may move of the account's tokens. */
    allowance: (owner: Address, options?: ReadOptions): Promise<bigint> =>
      token.read('allowance', [owner, subnets.address], options),
  }
}
