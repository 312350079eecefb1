import type { ChainEvent, ContractName, EventName } from '../../src/abi/events.js'
import type { AuditEvent } from '../../src/audit/audit-event.js'

export const [alice, bob, carol] = ['a', 'b', 'c'].map((digit) => `0x${digit.repeat(40)}` as const) as [
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
]
export const HASH = `0x${'11'.repeat(32)}` as const

/** An event as the decoder gives it; `tx` tells transactions apart. */
export function made<C extends ContractName>(contract: C, name: EventName<C>, args: object, tx = 1): AuditEvent<C> {
  const position = { address: alice, blockNumber: tx, blockHash: HASH, logIndex: 0, transactionHash: `0x${tx}` }
  return { contract, name, args, ...position } as unknown as ChainEvent as AuditEvent<C>
}
