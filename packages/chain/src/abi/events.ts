import { abis, type ContractName } from '@witan/contracts'
import type { Address, Hex } from '@witan/protocol'
import type { Abi, AbiParameter, AbiParameterToPrimitiveType, ExtractAbiEvent, ExtractAbiEventNames } from 'abitype'
import { interfaceOf } from './interface-of.js'
import { structOf } from './plain.js'

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
  const values = coder.decodeEventLog(fragment, log.data, log.topics)
  return {
    contract,
    name: fragment.name,
    args: structOf(fragment.inputs, values),
    address,
    blockNumber: Number(log.blockNumber),
    blockHash: log.blockHash,
    transactionHash: log.transactionHash,
    logIndex: Number(log.logIndex),
  } as unknown as ChainEvent
}

/** First topic of an event. */
export function eventTopic<Contract extends ContractName>(contract: Contract, name: EventName<Contract>): Hex {
  return interfaceOf(abis[contract]).getEvent(name)!.topicHash as Hex
}
