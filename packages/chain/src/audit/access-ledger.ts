import type { Address, Hex } from '@witan/protocol'
import type { AuditEvent } from './audit-event.js'

/** A delay in seconds that becomes another one at a moment (OpenZeppelin's `Time.Delay`). */
export interface ChangingDelay {
  readonly before: number
  readonly after: number
  /** Unix seconds. */
  readonly effect: number
}

export interface GrantFacts {
  readonly role: bigint
  readonly account: Address
  /** 0: it has not the role. */
  readonly since: number
  readonly delay: ChangingDelay
}

export interface AccessLedger {
  /** By role and account. */
  readonly grants: Map<string, GrantFacts>
  readonly roleAdmins: Map<bigint, bigint>
  readonly roleGuardians: Map<bigint, bigint>
  readonly grantDelays: Map<bigint, ChangingDelay>
  /** By contract and selector. */
  readonly functionRoles: Map<string, readonly [target: Address, selector: Hex, role: bigint]>
  readonly closed: Map<Address, boolean>
  readonly adminDelays: Map<Address, ChangingDelay>
  readonly schedules: Map<Hex, { readonly timepoint: number; readonly nonce: number }>
}

export const createAccessLedger = (): AccessLedger => ({
  grants: new Map(),
  roleAdmins: new Map(),
  roleGuardians: new Map(),
  grantDelays: new Map(),
  functionRoles: new Map(),
  closed: new Map(),
  adminDelays: new Map(),
  schedules: new Map(),
})

const NO_DELAY: ChangingDelay = { before: 0, after: 0, effect: 0 }
/** `AccessManager.expiration`. */
const SCHEDULE_SECONDS = 7 * 86_400

export function applyToAccess(ledger: AccessLedger, event: AuditEvent<'WitanAccess'>, time: number): void {
  switch (event.name) {
    case 'RoleGranted':
      grant(ledger, event.args, time)
      return
    case 'RoleRevoked': {
      const { roleId: role, account } = event.args
      ledger.grants.set(`${role} ${account}`, { role, account, since: 0, delay: NO_DELAY })
      return
    }
    case 'RoleAdminChanged':
      ledger.roleAdmins.set(event.args.roleId, event.args.admin)
      return
    case 'RoleGuardianChanged':
      ledger.roleGuardians.set(event.args.roleId, event.args.guardian)
      return
    case 'RoleGrantDelayChanged': {
      const { roleId, delay, since } = event.args
      ledger.grantDelays.set(roleId, changed(ledger.grantDelays.get(roleId), delay, since, time))
      return
    }
    case 'TargetAdminDelayUpdated': {
      const { target, delay, since } = event.args
      ledger.adminDelays.set(target, changed(ledger.adminDelays.get(target), delay, since, time))
      return
    }
    case 'TargetFunctionRoleUpdated': {
      const { target, selector, roleId } = event.args
      ledger.functionRoles.set(`${target} ${selector}`, [target, selector, roleId])
      return
    }
    case 'TargetClosed':
      ledger.closed.set(event.args.target, event.args.closed)
      return
    case 'OperationScheduled': {
      const { operationId, schedule: timepoint, nonce } = event.args
      ledger.schedules.set(operationId, { timepoint, nonce })
      return
    }
    case 'OperationExecuted':
    case 'OperationCanceled':
      ledger.schedules.set(event.args.operationId, { timepoint: 0, nonce: event.args.nonce })
  }
}

type Granted = Extract<AuditEvent<'WitanAccess'>, { name: 'RoleGranted' }>['args']

/** To who has the role already, only the delay changes; `since` is then when it does. */
function grant({ grants }: AccessLedger, { roleId: role, account, delay, since, newMember }: Granted, time: number) {
  const key = `${role} ${account}`
  const before = grants.get(key)
  grants.set(
    key,
    newMember || before === undefined
      ? { role, account, since, delay: { ...NO_DELAY, after: delay } }
      : { ...before, delay: changed(before.delay, delay, since, time) },
  )
}

function changed(delay: ChangingDelay | undefined, after: number, effect: number, time: number): ChangingDelay {
  return { before: delayAt(delay, time), after, effect }
}

/** Seconds in force at `now`. */
export function delayAt(delay: ChangingDelay | undefined, now: number): number {
  if (delay === undefined) return 0
  return now >= delay.effect ? delay.after : delay.before
}

/** As `getAccess` tells it: since, the delay now, and the one to come with its moment. */
export function accessAt({ since, delay }: GrantFacts, now: number): readonly [number, number, number, number] {
  return now >= delay.effect ? [since, delay.after, 0, 0] : [since, delay.before, delay.after, delay.effect]
}

/** When a scheduled operation may be executed at the earliest; 0 once it has expired. */
export function scheduleAt(timepoint: number, now: number): number {
  return timepoint + SCHEDULE_SECONDS <= now ? 0 : timepoint
}
