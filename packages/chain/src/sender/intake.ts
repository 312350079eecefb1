import { type Hex, keccak256Hex, WitanError } from '@witan/protocol'
import type { Clock } from '@witan/runtime'
import { callName, type Intent } from '../intent.js'
import type { Journal, JournaledIntent } from './journal.js'
import { MAX_QUEUED_INTENTS, NEVER_MS } from './limits.js'
import type { SubmitOptions } from './sender.js'

export interface IntakeModules {
  readonly journal: Journal
  readonly clock: Clock
}

export type Intake = (intent: Intent, options: SubmitOptions & { readonly deadlineMs: number }) => number

/**
 * Writes an intent into the journal, or finds the one of its key there; returns its id. Throws `IDEMPOTENCE_KEY_REUSED`,
 * or `BUSY` when too many wait.
 */
export function createIntake({ journal, clock }: IntakeModules): Intake {
  return (intent, { idempotenceKey, deadlineMs, maxCostWei }) => {
    const intentDigest = digestOf(intent)
    const nowMs = clock.nowMs()
    const deadlineAtMs = Math.min(Math.round(nowMs + deadlineMs), NEVER_MS - 1)
    const known = journal.find(idempotenceKey)
    if (known !== undefined) {
      requireSame(known, intentDigest)
      if (!cameToNothing(known)) {
        journal.extend(known.id, deadlineAtMs)
        return known.id
      }
    }
    const queued = journal.count('queued')
    if (queued >= MAX_QUEUED_INTENTS) {
      throw new WitanError('BUSY', 'Too many intents wait to be sent', { facts: { queued, limit: MAX_QUEUED_INTENTS } })
    }
    const { to, data, valueWei, description } = intent
    const call = { call: callName(intent), to, data, valueWei, description }
    return journal.enqueue({
      ...call,
      idempotenceKey,
      intentDigest,
      maxCostWei,
      deadlineAtMs,
      createdAtMs: Math.round(nowMs),
    })
  }
}

/** Nothing of it can ever be mined, so its key may be used again for the same call. */
function cameToNothing({ state }: JournaledIntent): boolean {
  return state === 'expired' || state === 'refused'
}

function digestOf({ to, data, valueWei }: Intent): Hex {
  return keccak256Hex(new TextEncoder().encode(`${to}:${data}:${valueWei}`))
}

function requireSame({ intentDigest, idempotenceKey }: JournaledIntent, digest: Hex): void {
  if (intentDigest === digest) return
  throw new WitanError('IDEMPOTENCE_KEY_REUSED', 'The key stands for another transaction', {
    facts: { idempotenceKey },
  })
}
