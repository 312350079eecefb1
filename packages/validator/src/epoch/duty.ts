import type { EpochWindow } from '@witan/protocol'
import type { Phase } from './phases.js'

/** What a duty is told when it runs. */
export interface DutyTurn {
  readonly epoch: number
  readonly window: EpochWindow
  /** Timestamp of the newest block, unix seconds. */
  readonly now: number
  readonly signal: AbortSignal
}

/** Done for this epoch, or not to be tried before a moment of chain time (unix seconds). */
export type DutyResult = 'done' | { readonly notBefore: number }

/**
 * One thing a validator does once an epoch. It may be run again at any time: what it has done it finds in the journal or
 * on the chain. Throws when it failed and another try may help.
 */
export interface Duty {
  readonly name: 'challenge' | 'commit' | 'reveal' | 'settle'
  phase(window: EpochWindow): Phase
  run(turn: DutyTurn): Promise<DutyResult>
}
