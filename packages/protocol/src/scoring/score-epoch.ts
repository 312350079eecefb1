import { REPLAY_SCORING } from './rules.js'
import { medianLatencyMs, speedFactor } from './speed.js'
import type { MinerRecord, Outcome, ScoreBook, ScoringRules } from './types.js'

const UNKNOWN: MinerRecord = { correct: 0, failures: 0, speed: 1 }

/**
 * The book after an epoch, from the book before it and the epoch's outcomes in any order. A miner that was not asked
 * keeps its record. Throws RangeError for a negative or non-finite latency of a correct answer.
 */
export function scoreEpoch(
  book: ScoreBook,
  outcomes: readonly Outcome[],
  rules: ScoringRules = REPLAY_SCORING,
): Map<number, MinerRecord> {
  checkLatencies(outcomes)
  const everyonesMs = medianLatencyMs(outcomes.filter((outcome) => !isProbe(outcome)))
  const after = new Map(book)
  for (const [uid, own] of groupByUid(outcomes))
    after.set(uid, recordAfter(book.get(uid) ?? UNKNOWN, own, everyonesMs, rules))
  return after
}

/** A miner's score in [0, 1]: the part of its answers that were correct times its speed factor; 0 without a correct one. */
export function minerScore({ correct, failures, speed }: MinerRecord): number {
  return correct === 0 ? 0 : (correct / (correct + failures)) * speed
}

/**
 * Correct answers of before fade with time and with the square of what was provably wrong now; failures with time only.
 * Refusals that the policy asks for earn nothing, or refusing everything would pay; the part that was refused is a gate on
 * all correct answers, or breaking the policy would cost one answer in four. So is the part that was asked for a version
 * which the miner serves: what it knew of an older version says nothing of the one that counts.
 */
function recordAfter(
  before: MinerRecord,
  outcomes: readonly Outcome[],
  everyonesMs: number | undefined,
  rules: ScoringRules,
): MinerRecord {
  const [probes, answers] = [outcomes.filter(isProbe), outcomes.filter((outcome) => !isProbe(outcome))]
  const { wrong, failed, late } = rules.failureWeight
  const correct = countOf(answers, 'correct')
  const failures =
    wrong * countOf(outcomes, 'wrong') + failed * countOf(outcomes, 'failed') + late * countOf(outcomes, 'late')
  const gate = honesty(answers) ** 2
  return {
    correct: honesty(probes) * served(outcomes) * (rules.memory * gate * before.correct + correct),
    failures: rules.memory * before.failures + failures,
    speed: smoothedSpeed(before, answers, everyonesMs, rules),
  }
}

const isProbe = (outcome: Outcome): boolean => outcome.isProbe === true

const countOf = (outcomes: readonly Outcome[], result: Outcome['result']): number =>
  outcomes.filter((outcome) => outcome.result === result).length

const served = (outcomes: readonly Outcome[]): number =>
  outcomes.filter(({ isUnserved }) => isUnserved !== true).length / outcomes.length

/** The part of the verified outcomes that were right; 1 when nothing could be verified. */
function honesty(outcomes: readonly Outcome[]): number {
  const [correct, wrong] = [countOf(outcomes, 'correct'), countOf(outcomes, 'wrong')]
  return correct + wrong === 0 ? 1 : correct / (correct + wrong)
}

function smoothedSpeed(
  before: MinerRecord,
  outcomes: readonly Outcome[],
  everyonesMs: number | undefined,
  rules: ScoringRules,
): number {
  const ownMs = medianLatencyMs(outcomes)
  if (ownMs === undefined || everyonesMs === undefined) return before.speed
  const now = speedFactor(ownMs, everyonesMs, rules.slowestSpeed)
  return before.correct === 0 ? now : rules.speedMemory * before.speed + (1 - rules.speedMemory) * now
}

function groupByUid(outcomes: readonly Outcome[]): Map<number, Outcome[]> {
  return Map.groupBy(outcomes, ({ uid }) => uid)
}

function checkLatencies(outcomes: readonly Outcome[]): void {
  for (const { uid, result, latencyMs } of outcomes)
    if (result === 'correct' && !(Number.isFinite(latencyMs) && latencyMs >= 0))
      throw new RangeError(`the latency of uid ${uid} must be finite and not negative, not ${latencyMs}`)
}
