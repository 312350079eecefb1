import type { Metrics } from '@witan/runtime'

export type MinerMetrics = ReturnType<typeof createMinerMetrics>

/** Everything this package counts. */
export const createMinerMetrics = (metrics: Metrics) => ({
  requestsTotal: metrics.counter<'result'>({
    name: 'witan_miner_requests_total',
    help: 'Requests by result: ok, an error code, or INTERNAL.',
    labels: ['result'],
  }),
  requestSeconds: metrics.histogram({
    name: 'witan_miner_request_seconds',
    help: 'Time from the whole request to its signed answer.',
    // A line of text takes 50 ms on a free core, ten times that in a queue; past five seconds askers have gone.
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  }),
  inFlight: metrics.gauge({
    name: 'witan_miner_requests_in_flight',
    help: 'Requests being answered.',
  }),
  receiptsSignedTotal: metrics.counter({
    name: 'witan_miner_receipts_signed_total',
    help: 'Receipts signed, repeated ones included.',
  }),
  journalPrunedTotal: metrics.counter({
    name: 'witan_miner_journal_pruned_total',
    help: 'Answers removed from the journal after their deadline.',
  }),
  outputsForgottenTotal: metrics.counter({
    name: 'witan_miner_outputs_forgotten_total',
    help: 'Outputs removed from the journal because a policy lets nobody keep them longer.',
  }),
  vouchersSettledTotal: metrics.counter({
    name: 'witan_miner_vouchers_settled_total',
    help: 'Vouchers handed to the contract in batches.',
  }),
  backgroundFailuresTotal: metrics.counter<'task'>({
    name: 'witan_miner_background_failures_total',
    help: 'Background runs that failed and are tried again, by task.',
    labels: ['task'],
  }),
})
