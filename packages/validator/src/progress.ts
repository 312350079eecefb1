import type { Hex, WitanError } from '@witan/protocol'
import type { Logger, RecentErrors } from '@witan/runtime'
import type { Verdict } from './challenge/judge-miner.js'
import type { ValidatorMetrics } from './metrics.js'

export interface ProgressCounts {
  /** Challenges asked; those whose answer was not correct. */
  readonly requests: number
  readonly failures: number
  readonly receiptsVerified: number
  /** Epoch that somebody settled last, as far as seen. */
  readonly lastSettled: number | undefined
}

export interface Progress {
  counts(): ProgressCounts
  judged(miner: string, verdict: Verdict): void
  done(duty: 'commit' | 'reveal', epoch: number): void
  settled(epoch: number, byUs: boolean): void
  failed(duty: string, epoch: number, error: unknown): void
  missed(epoch: number): void
  headUnread(error: unknown): void
  registryUnread(error: unknown): void
  missing(what: 'model' | 'policy', digest: Hex, error: unknown): void
}

/** Turns what happens into counts, logs and metrics, so that the duties need not. */
export function createProgress(
  metrics: ValidatorMetrics,
  { logger, errors }: { logger: Logger; errors: RecentErrors },
): Progress {
  let requests = 0
  let failures = 0
  let receiptsVerified = 0
  let lastSettled: number | undefined

  return {
    counts: () => ({ requests, failures, receiptsVerified, lastSettled }),
    judged(miner, { result, latencyMs, error, receipt }) {
      requests++
      metrics.challengesTotal.increment({ result })
      if (receipt !== undefined) {
        receiptsVerified++
        metrics.receiptsVerifiedTotal.increment()
      }
      if (result === 'correct') return metrics.challengeSeconds.observe(latencyMs / 1000)
      failures++
      logger.debug({ miner, result, code: (error as WitanError).code }, 'challenge not answered correctly')
    },
    done(duty, epoch) {
      metrics.dutiesTotal.increment({ duty })
      logger.info({ epoch }, duty === 'commit' ? 'weights committed' : 'weights revealed')
    },
    settled(epoch, byUs) {
      lastSettled = Math.max(lastSettled ?? epoch, epoch)
      if (!byUs) return
      metrics.dutiesTotal.increment({ duty: 'settle' })
      logger.info({ epoch }, 'epoch settled')
    },
    failed(duty, epoch, error) {
      metrics.dutyFailuresTotal.increment({ duty })
      errors.note(error)
      logger.warn({ duty, epoch, err: error }, 'duty failed')
    },
    missed(epoch) {
      metrics.missedRevealsTotal.increment()
      logger.warn({ epoch }, 'weights were not revealed in time')
    },
    registryUnread(error) {
      metrics.headFailuresTotal.increment()
      errors.note(error)
      logger.warn({ err: error }, 'the registry could not be read')
    },
    missing(what, digest, error) {
      metrics.missingTotal.increment({ what })
      errors.note(error)
      logger.warn({ [what]: digest, err: error }, 'it cannot be had, trying again')
    },
    headUnread(error) {
      metrics.headFailuresTotal.increment()
      errors.note(error)
      logger.warn({ err: error }, 'the newest block could not be read')
    },
  }
}
