/** What became of one challenge: right, provably wrong (the miner signed it), refused or broken, or past its deadline. */
export type OutcomeResult = 'correct' | 'wrong' | 'failed' | 'late'

/** One judged challenge of an epoch. */
export interface Outcome {
  readonly uid: number
  readonly result: OutcomeResult
  /** Milliseconds from request to verified answer; only read when the result is `correct`. */
  readonly latencyMs: number
  /** The policy forbids to answer: `correct` is a refusal, `wrong` an answer. */
  readonly isProbe?: boolean
  /** The miner said that it does not serve the version that counts. */
  readonly isUnserved?: boolean
}

/**
 * What a validator remembers of a miner from epoch to epoch: JSON-safe, to be dropped when the uid is registered anew.
 * Counts are weighted and fade, so they are fractions.
 */
export interface MinerRecord {
  /** Correct answers. */
  readonly correct: number
  /** Failures, each weighted by how provable it is. */
  readonly failures: number
  /** Smoothed speed factor, in [0.75, 1]. */
  readonly speed: number
}

/** Records by uid. */
export type ScoreBook = ReadonlyMap<number, MinerRecord>

/** Numbers of the mechanism; those of `REPLAY_SCORING` unless a subnet chooses others. */
export interface ScoringRules {
  /** How many correct answers a failure cancels. */
  readonly failureWeight: Readonly<Record<Exclude<OutcomeResult, 'correct'>, number>>
  /** Part of last epoch's counts that stays, in [0, 1). */
  readonly memory: number
  /** Part of last epoch's speed factor that stays, in [0, 1). */
  readonly speedMemory: number
  /** Speed factor of an infinitely slow miner, in [0, 1]. */
  readonly slowestSpeed: number
}
