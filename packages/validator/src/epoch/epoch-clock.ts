import { type EpochSchedule, epochAt } from '@witan/protocol'
import { type Clock, createLoop, type Logger, type Service } from '@witan/runtime'

export interface EpochClockOptions {
  /** The subnet's calendar as it is known; its owner may change it. */
  schedule(): EpochSchedule
  /** Longest pause between two looks at the chain, milliseconds; short epochs are looked at more often. */
  readonly tickMs: number
}

export interface EpochClockModules {
  /** Timestamp of the newest block, unix seconds. */
  chainTime(signal: AbortSignal): Promise<number>
  /** At every look. */
  onTick(now: number): void
  /** Before the first tick and before the first one of every later epoch. */
  onEpoch(epoch: number): void
  onError(error: unknown): void
  readonly clock: Clock
  readonly logger: Logger
}

/** The time by which a validator works: that of the chain, which is the one its transactions are held to. */
export interface EpochClock extends Service {
  /** Timestamp of the newest block seen, unix seconds; undefined before the first. */
  now(): number | undefined
  /** Milliseconds since that block was first seen. */
  ageMs(): number | undefined
}

/** The shortest phase, from closing the books to the end of the epoch, is a twentieth of it. */
const LOOKS_PER_EPOCH = 60

/** Longest pause after failures, in looks: an endpoint that is back must be seen in time. */
const LONGEST_PAUSE_LOOKS = 8

export function createEpochClock({ schedule, tickMs }: EpochClockOptions, modules: EpochClockModules): EpochClock {
  const { chainTime, onTick, onEpoch, onError, clock, logger } = modules
  const intervalMs = Math.min(tickMs, (schedule().epochLength * 1000) / LOOKS_PER_EPOCH)
  let seen: { now: number; atMs: number } | undefined
  let epoch = Number.NEGATIVE_INFINITY
  let failures = 0

  /** While the chain cannot be read, it is asked less and less often. */
  const read = async (signal: AbortSignal): Promise<number> => {
    try {
      const now = await chainTime(signal)
      failures = 0
      return now
    } catch (error) {
      const looks = Math.min(LONGEST_PAUSE_LOOKS, 2 ** failures++)
      await clock.sleep(looks * intervalMs, signal).catch(() => undefined)
      throw error
    }
  }

  const look = async (signal: AbortSignal) => {
    const now = await read(signal)
    if (seen?.now !== now) seen = { now, atMs: clock.monotonicMs() }
    // A reorganisation may take time back; an epoch that was begun stays begun.
    const current = epochAt(schedule(), now)
    if (current > epoch) {
      epoch = current
      onEpoch(epoch)
    }
    onTick(now)
  }

  const { start, stop } = createLoop({ name: 'epoch clock', intervalMs, run: look, onError }, { clock, logger })
  return {
    start,
    stop,
    now: () => seen?.now,
    ageMs: () => seen && clock.monotonicMs() - seen.atMs,
  }
}
