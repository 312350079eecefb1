import { type Address, type Hex, ZERO_ADDRESS } from '@witan/protocol'
import type { AuditEvent } from './audit-event.js'

export interface OperationFacts {
  /** Unix seconds from which it may be executed: 0 canceled, 1 executed. */
  timestamp: bigint
  expiresAt: number
}

export interface TimelockLedger {
  minDelay: bigint
  executionWindow: bigint
  governor: Address
  readonly operations: Map<Hex, OperationFacts>
  /** By role and account. */
  readonly roles: Map<string, readonly [role: Hex, account: Address, isGranted: boolean]>
  readonly roleAdmins: Map<Hex, Hex>
}

export const createTimelockLedger = (): TimelockLedger => ({
  minDelay: 0n,
  executionWindow: 0n,
  governor: ZERO_ADDRESS,
  operations: new Map(),
  roles: new Map(),
  roleAdmins: new Map(),
})

const DONE = 1n

export function applyToTimelock(ledger: TimelockLedger, event: AuditEvent<'WitanTimelock'>, time: number): void {
  switch (event.name) {
    case 'MinDelayChange':
      ledger.minDelay = event.args.newDuration
      return
    case 'ExecutionWindowSet':
      ledger.executionWindow = event.args.current
      return
    case 'GovernorReplaced':
      ledger.governor = event.args.current
      return
    case 'CallScheduled':
      operationOf(ledger, event.args.id).timestamp = BigInt(time) + event.args.delay
      return
    case 'OperationExpirySet':
      operationOf(ledger, event.args.id).expiresAt = event.args.expiresAt
      return
    case 'CallExecuted':
      operationOf(ledger, event.args.id).timestamp = DONE
      return
    case 'Cancelled':
      operationOf(ledger, event.args.id).timestamp = 0n
      return
    case 'RoleGranted':
    case 'RoleRevoked': {
      const { role, account } = event.args
      ledger.roles.set(`${role} ${account}`, [role, account, event.name === 'RoleGranted'])
      return
    }
    case 'RoleAdminChanged':
      ledger.roleAdmins.set(event.args.role, event.args.newAdminRole)
  }
}

function operationOf({ operations }: TimelockLedger, id: Hex): OperationFacts {
  const operation = operations.get(id) ?? { timestamp: 0n, expiresAt: 0 }
  operations.set(id, operation)
  return operation
}
