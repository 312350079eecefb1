import {
  type Address,
  DEFAULT_PARAMETERS,
  type EpochSchedule,
  type Hex,
  isWitanError,
  type SubnetParameters,
} from '@witan/protocol'
import type { ReadOptions } from '../../abi/contract.js'
import type { Contracts } from '../../network/contracts.js'
import { type Neuron, type RecordEntry, toNeuron, toRecord } from './neuron.js'

export interface Subnet {
  readonly netuid: number
  readonly owner: Address
  readonly name: string
  /** Identifier of the scoring mechanism. */
  readonly mechanism: Hex
  readonly modelVersions: readonly Hex[]
  readonly neuronCount: number
  readonly schedule: EpochSchedule
  readonly parameters: SubnetParameters
}

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

  return {
    count: (options?: ReadOptions): Promise<number> => subnets.read('subnetCount', [], options),

    /** Throws `SUBNET_UNKNOWN`. */
    async subnet(netuid: number, options?: ReadOptions): Promise<Subnet> {
      const [{ parameters, startedAt, ...subnet }, modelVersions] = await Promise.all([
        subnets.read('subnet', [netuid], options),
        subnets.read('modelVersions', [netuid], options),
      ])
      const { epochLength, revealWindow } = parameters
      return {
        netuid,
        ...subnet,
        modelVersions,
        parameters: { ...DEFAULT_PARAMETERS, ...parameters },
        schedule: { startedAt, epochLength, revealWindow },
      }
    },

    async schedule(netuid: number, options?: ReadOptions): Promise<EpochSchedule> {
      const [startedAt, epochLength, revealWindow] = await subnets.read('timing', [netuid], options)
      return { startedAt, epochLength, revealWindow }
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
