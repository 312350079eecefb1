import { isWitanError, type WitanError } from '@witan/protocol'
import type { Clock } from '@witan/runtime'

export interface WatchLoopOptions {
  readonly pauseMs: number
}

export interface WatchLoopModules<Report> {
  look(): Promise<Report>
  onReport(report: Report): void
  /** A look that failed as a whole; the next one comes. */
  onError(error: WitanError): void
  readonly clock: Pick<Clock, 'sleep'>
  readonly signal: AbortSignal
}

/**
 * Looks, pauses and looks again; an abort is the normal end. Throws `CONFIRMATION_NEEDED`, since nobody will ever be there
 * to say yes, and bugs.
 */
export async function watchUntilStopped<Report>(
  { pauseMs }: WatchLoopOptions,
  { look, onReport, onError, clock, signal }: WatchLoopModules<Report>,
): Promise<void> {
  while (!signal.aborted) {
    try {
      onReport(await look())
    } catch (error) {
      if (signal.aborted) return
      if (!isWitanError(error) || error.code === 'CONFIRMATION_NEEDED') throw error
      onError(error)
    }
    try {
      await clock.sleep(pauseMs, signal)
    } catch (error) {
      if (!signal.aborted) throw error
    }
  }
}
