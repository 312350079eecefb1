import type { EpochWindow } from '@witan/protocol'

/** Seconds before the end of an epoch at which a validator closes its books and commits: blocks may be late. */
export function commitLeadSeconds({ startsAt, endsAt }: EpochWindow): number {
  const length = endsAt - startsAt
  return Math.max(LEAST_LEAD_SECONDS, Math.min(MOST_LEAD_SECONDS, Math.floor(length / LEAD_PART)))
}

/** Three blocks of a local chain, which has epochs of fifteen seconds. */
const LEAST_LEAD_SECONDS = 3
/** Five blocks of Ethereum. */
const MOST_LEAD_SECONDS = 60
const LEAD_PART = 20

/** A stretch of chain time, unix seconds; the end is excluded. */
export interface Phase {
  readonly from: number
  readonly to: number
}

/** Challenges are judged and journaled within it. */
export function challengePhase(window: EpochWindow): Phase {
  return { from: window.startsAt, to: window.endsAt - commitLeadSeconds(window) }
}

export function commitPhase(window: EpochWindow): Phase {
  return { from: challengePhase(window).to, to: window.endsAt }
}

export function revealPhase({ endsAt, revealEndsAt }: EpochWindow): Phase {
  return { from: endsAt, to: revealEndsAt }
}

export function settlePhase({ revealEndsAt, settleEndsAt }: EpochWindow): Phase {
  return { from: revealEndsAt, to: settleEndsAt }
}

export function isWithin({ from, to }: Phase, timestamp: number): boolean {
  return timestamp >= from && timestamp < to
}

/**
 * Unix seconds from which the voter at `position` of `voters` may settle: the voters take turns over the first half of
 * the window, another one first each epoch, so that as a rule one pays for the transaction and the others find it done.
 */
export function settleTurn(window: EpochWindow, epoch: number, position: number, voters: number): number {
  const { from, to } = settlePhase(window)
  const turn = (position + epoch) % Math.max(1, voters)
  return from + Math.floor((turn * (to - from)) / (2 * Math.max(1, voters)))
}
