import type { ChainEvent, ContractName } from '../abi/events.js'

/** Any event of one contract. */
export type AuditEvent<Contract extends ContractName> = Extract<ChainEvent, { readonly contract: Contract }>

/** An event with the time of its block, unix seconds: no event says when it was. */
export interface TimedEvent {
  readonly event: ChainEvent
  readonly time: number
}
