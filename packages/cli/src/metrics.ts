import type { Metrics } from '@witan/runtime'

export type KeeperMetrics = ReturnType<typeof createKeeperMetrics>

export const createKeeperMetrics = (metrics: Metrics) => ({
  actionsTotal: metrics.counter<'action'>({
    name: 'witan_keeper_actions_total',
    help: 'Transactions mined, by action: snapshot, settle, claim, sync, queue, execute, distribute or pay-validators.',
    labels: ['action'],
  }),
  skippedTotal: metrics.counter<'reason'>({
    name: 'witan_keeper_skipped_epochs_total',
    help: 'Epochs not settled by this keeper, by reason: settled (by another), stakeless, unprofitable or void.',
    labels: ['reason'],
  }),
  failuresTotal: metrics.counter({
    name: 'witan_keeper_failures_total',
    help: 'Looks at a subnet that failed; each is tried again.',
  }),
  errandFailuresTotal: metrics.counter<'errand'>({
    name: 'witan_keeper_errand_failures_total',
    help: 'Errands that failed, by name: decisions, revenue, queue, execute, distribute or pay-validators; each is tried again.',
    labels: ['errand'],
  }),
})
