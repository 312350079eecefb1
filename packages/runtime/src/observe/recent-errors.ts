import { isWitanError } from '@witan/protocol'
import type { Clock } from '../time/clock.js'

/** A failure as the status of a node lists it. */
export interface RecentError {
  /** A permanent error code; `INTERNAL` for a bug. */
  readonly code: string
  /** Unix milliseconds. */
  readonly at: number
  readonly message: string
  /** How many times in a row, the last one at `at`. */
  readonly count: number
}

export interface RecentErrors {
  note(error: unknown): void
  /** Oldest first. */
  list(): readonly RecentError[]
}

const DEFAULT_LIMIT = 20

/** The last failures of a node, for people who ask how it is; counts belong to metrics. */
export function createRecentErrors(
  { limit = DEFAULT_LIMIT },
  { clock }: { clock: Pick<Clock, 'nowMs'> },
): RecentErrors {
  const errors: RecentError[] = []
  return {
    note(error) {
      const code = isWitanError(error) ? error.code : 'INTERNAL'
      const message = error instanceof Error ? error.message : String(error)
      const last = errors.at(-1)
      const repeats = last?.code === code && last.message === message
      if (repeats) errors.pop()
      errors.push({ code, at: clock.nowMs(), message, count: repeats ? last.count + 1 : 1 })
      if (errors.length > limit) errors.shift()
    },
    list: () => [...errors],
  }
}
