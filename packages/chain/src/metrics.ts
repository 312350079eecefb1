import type { Metrics } from '@witan/runtime'

export type ChainMetrics = ReturnType<typeof createChainMetrics>

export const createChainMetrics = (metrics: Metrics) => ({
  rpcSeconds: metrics.histogram({
    name: 'witan_chain_rpc_seconds',
    help: 'Time from sending a batch of RPC requests to its answer.',
    // A local node answers in milliseconds; past ten seconds the request has failed.
    buckets: [0.002, 0.01, 0.05, 0.2, 1, 5],
  }),
  rpcFailuresTotal: metrics.counter({
    name: 'witan_chain_rpc_failures_total',
    help: 'RPC requests that an endpoint did not answer.',
  }),
  restingEndpoints: metrics.gauge({
    name: 'witan_chain_resting_endpoints',
    help: 'RPC endpoints that are left alone after failures.',
  }),
  headBlock: metrics.gauge({
    name: 'witan_chain_head_blocks',
    help: 'Number of the newest block that was seen.',
  }),
  reorgsTotal: metrics.counter({
    name: 'witan_chain_reorgs_total',
    help: 'Times that blocks already followed were replaced.',
  }),
  followFailuresTotal: metrics.counter({
    name: 'witan_chain_follow_failures_total',
    help: 'Polls of blocks or events that failed and were tried again.',
  }),
  transactionsTotal: metrics.counter({
    name: 'witan_chain_transactions_total',
    help: 'Transactions by outcome.',
    labels: ['outcome'],
  }),
  rebroadcastsTotal: metrics.counter({
    name: 'witan_chain_rebroadcasts_total',
    help: 'Times that a journaled transaction was sent again.',
  }),
  feeBumpsTotal: metrics.counter({
    name: 'witan_chain_fee_bumps_total',
    help: 'Transactions replaced by one with a higher fee.',
  }),
  queuedIntents: metrics.gauge({
    name: 'witan_chain_queued_intents',
    help: 'Intents journaled and not yet signed.',
  }),
  pendingTransactions: metrics.gauge({
    name: 'witan_chain_pending_transactions',
    help: 'Transactions journaled and not yet mined.',
  }),
})
