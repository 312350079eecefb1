import type { Metrics } from '@witan/runtime'

export type ValidatorMetrics = ReturnType<typeof createValidatorMetrics>

/** Everything this package counts; `weightsAgeSeconds` is read at each scrape. */
export const createValidatorMetrics = (metrics: Metrics, weightsAgeSeconds: () => number) => ({
  challengesTotal: metrics.counter<'result'>({
    name: 'witan_validator_challenges_total',
    help: 'Challenges judged, by result: correct, wrong, failed or late.',
    labels: ['result'],
  }),
  challengeSeconds: metrics.histogram({
    name: 'witan_validator_challenge_seconds',
    help: 'Time from sending a challenge to the end of a correct answer.',
    // A line of text takes 50 ms on a free core; the shortest deadline is five seconds.
    buckets: [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  }),
  challengesDiscardedTotal: metrics.counter({
    name: 'witan_validator_challenges_discarded_total',
    help: 'Inputs drawn whose right answer the registered model or the gate left open, so that no miner was asked.',
  }),
  receiptsVerifiedTotal: metrics.counter({
    name: 'witan_validator_receipts_verified_total',
    help: 'Receipts whose signature is that of the miner asked.',
  }),
  dutiesTotal: metrics.counter<'duty'>({
    name: 'witan_validator_duties_total',
    help: 'Epochs committed, revealed and settled by this validator.',
    labels: ['duty'],
  }),
  dutyFailuresTotal: metrics.counter<'duty'>({
    name: 'witan_validator_duty_failures_total',
    help: 'Attempts at a duty that failed; most are tried again.',
    labels: ['duty'],
  }),
  missedRevealsTotal: metrics.counter({
    name: 'witan_validator_missed_reveals_total',
    help: 'Commitments whose row was not revealed in time.',
  }),
  weightsAge: metrics.gauge({
    name: 'witan_validator_weights_age_seconds',
    help: 'Chain time since the end of the epoch whose weights were revealed last; since the start when none was.',
    read: weightsAgeSeconds,
  }),
  missingTotal: metrics.counter<'what'>({
    name: 'witan_validator_missing_total',
    help: 'Failures to get a model or a policy that is needed to judge; each is tried again.',
    labels: ['what'],
  }),
  headFailuresTotal: metrics.counter({
    name: 'witan_validator_head_failures_total',
    help: 'Times that the newest block or the registry could not be read.',
  }),
})
