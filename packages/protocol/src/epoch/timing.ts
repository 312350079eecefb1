/** When a subnet's epochs run. All values are unix seconds or seconds. */
export interface EpochSchedule {
  /** Start of epoch 0: the timestamp of the block that created the subnet. */
  readonly startedAt: number
  readonly epochLength: number
  readonly revealWindow: number
}

export interface EpochWindow {
  /** S: validators work and commit from here. */
  readonly startsAt: number
  /** T: commits end, reveals and snapshot begin. */
  readonly endsAt: number
  /** Reveals end, settling begins. */
  readonly revealEndsAt: number
  /** Settling ends; an epoch not settled by now is void. */
  readonly settleEndsAt: number
}

/** The epoch that contains `timestamp`; -1 before the first one. */
export function epochAt(schedule: EpochSchedule, timestamp: number): number {
  return Math.max(-1, Math.floor((timestamp - schedule.startedAt) / schedule.epochLength))
}

/** The instants of epoch `epoch`; every window includes its start and excludes its end. */
export function epochWindow(schedule: EpochSchedule, epoch: number): EpochWindow {
  const startsAt = schedule.startedAt + epoch * schedule.epochLength
  const endsAt = startsAt + schedule.epochLength
  return { startsAt, endsAt, revealEndsAt: endsAt + schedule.revealWindow, settleEndsAt: endsAt + schedule.epochLength }
}
