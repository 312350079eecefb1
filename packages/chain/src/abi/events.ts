import { abis, type ContractName } from '@witan/contracts'
import { type Address, type Hex, WitanError } from '@witan/protocol'
import type { Abi, AbiParameter, AbiParameterToPrimitiveType, ExtractAbiEvent, ExtractAbiEventNames } from 'abitype'
import type { EventFragment } from 'ethers'
import { createDecoder, type Decode } from './decoder.js'
import { interfaceOf } from './interface-of.js'

export type { ContractName } from '@witan/contracts'
export type Abis = typeof abis
export type EventName<Contract extends ContractName> = ExtractAbiEventNames<Abis[Contract]>

type InputsOf<A extends Abi, Name extends string> = ExtractAbiEvent<A, Name>['inputs']

/** Arguments of an event by name, as plain values. */
export type EventArguments<Contract extends ContractName, Name extends string> = {
  readonly [Input in InputsOf<Abis[Contract], Name>[number] as Input extends { name: infer N extends string }
    ? N
    : never]: Input extends AbiParameter ? AbiParameterToPrimitiveType<Input, 'outputs'> : never
}

export interface EventPosition {
  readonly address: Address
  readonly blockNumber: number
  readonly blockHash: Hex
  readonly transactionHash: Hex
  readonly logIndex: number
}

export interface TypedEvent<Contract extends ContractName, Name extends string> extends EventPosition {
  readonly contract: Contract
  readonly name: Name
  readonly args: EventArguments<Contract, Name>
}

/** Any event of the contracts; `contract` and `name` tell which. */
export type ChainEvent = {
  [Contract in ContractName]: { [Name in EventName<Contract>]: TypedEvent<Contract, Name> }[EventName<Contract>]
}[ContractName]

/** A log as JSON-RPC gives it. */
export interface RpcLog {
  readonly address: string
  readonly topics: readonly string[]
  readonly data: string
  readonly blockNumber: string
  readonly blockHash: string
  readonly transactionHash: string
  readonly logIndex: string
  readonly removed?: boolean
}

/** The event in a log of one of `contracts`, or undefined for a log of another address or of no known event. */
export function decodeLog(log: RpcLog, contracts: ReadonlyMap<Address, ContractName>): ChainEvent | undefined {
  const address = log.address.toLowerCase() as Address
  const contract = contracts.get(address)
  if (contract === undefined) return undefined
  const coder = interfaceOf(abis[contract])
  const fragment = log.topics[0] === undefined ? null : coder.getEvent(log.topics[0])
  if (fragment === null) return undefined
  return {
    contract,
    name: fragment.name,
    args: argumentsOf(fragment, log),
    address,
    blockNumber: Number(log.blockNumber),
    blockHash: log.blockHash,
    transactionHash: log.transactionHash,
    logIndex: Number(log.logIndex),
  } as unknown as ChainEvent
}

interface EventDecoder {
  /** In declared order; `topic` is its place among the topics, absent for a value of the data. */
  readonly inputs: readonly {
    readonly name: string
    readonly topic?: { readonly at: number; readonly decode: Decode }
  }[]
  readonly decodeData: Decode
}

const decoders = new WeakMap<EventFragment, EventDecoder>()

function decoderOf(fragment: EventFragment): EventDecoder {
  let made = decoders.get(fragment)
  if (made === undefined) {
    // The first topic is the event itself.
    let at = 1
    const inputs = fragment.inputs.map((type, index) => {
      const name = type.name || String(index)
      return type.indexed ? { name, topic: { at: at++, decode: createDecoder([type]) } } : { name }
    })
    made = { inputs, decodeData: createDecoder(fragment.inputs.filter(({ indexed }) => !indexed)) }
    decoders.set(fragment, made)
  }
  return made
}

function argumentsOf(fragment: EventFragment, { topics, data }: RpcLog): Record<string, unknown> {
  const { inputs, decodeData } = decoderOf(fragment)
  try {
    const values = decodeData(data)[Symbol.iterator]()
    return Object.fromEntries(
      inputs.map(({ name, topic }) => [
        name,
        topic === undefined ? values.next().value : topic.decode(topics[topic.at] ?? '0x')[0],
      ]),
    )
  } catch (cause) {
    throw new WitanError('RPC_REJECTED', 'A log of the RPC endpoint does not decode', {
      facts: { event: fragment.name },
      cause,
    })
  }
}

/** First topic of an event. */
export function eventTopic<Contract extends ContractName>(contract: Contract, name: EventName<Contract>): Hex {
  return interfaceOf(abis[contract]).getEvent(name)!.topicHash as Hex
}
