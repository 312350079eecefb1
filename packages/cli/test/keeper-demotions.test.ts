import { WitanError } from '@witan/protocol'
import { createManualClock, createMetrics, createRecentErrors } from '@witan/runtime'
import t from 'tap'
import { createDemotionKeeper, type DemotionModules } from '../src/keeper/demotions.js'
import { createErrandRunner, type ErrandModules } from '../src/keeper/errand.js'
import { createKeeperMetrics } from '../src/metrics.js'

t.test('live versions with a floor are demoted when the contract lets them be', async (t) => {
  const clock = createManualClock()
  const errors = createRecentErrors({}, { clock })
  const sent: string[] = []
  const asked: string[] = []
  const version = (modelId: bigint, graceEndsAt?: number) => ({ modelId, graceEndsAt })
  let refusal: WitanError | undefined = new WitanError('NOT_DEMOTABLE', 'the floor held')
  const chain = {
    models: {
      acceptedOn: async () => ({ versions: [version(1n), version(1n, 99), version(2n), version(0n)] }),
      floorOf: async (modelId: bigint) => (modelId === 2n ? undefined : { span: 9 }),
    },
    intents: { demoteVersion: (modelId: bigint) => `demote ${modelId}` },
    simulate: async ([intent]: string[]) => {
      asked.push(intent!)
      if (refusal !== undefined) throw refusal
    },
  }
  const sender = {
    address: `0x${'11'.repeat(20)}`,
    submit: async (_: unknown, { idempotenceKey }: { idempotenceKey: string }) => void sent.push(idempotenceKey),
  }
  const run = createErrandRunner({
    ...{ sender, rules: { maxCostWei: undefined }, clock, errors, onDone: () => undefined },
    logger: { info: () => undefined, warn: () => undefined },
    metrics: createKeeperMetrics(createMetrics()),
  } as unknown as ErrandModules)
  const keep = createDemotionKeeper({ chain, sender, run } as unknown as DemotionModules)
  const signal = new AbortController().signal
  await keep(1, 5, signal)
  t.strictSame(asked, ['demote 1'], 'neither what is in grace, nor without a floor, nor without a model')
  refusal = new WitanError('FEED_UNUSABLE', 'silent')
  await keep(1, 6, signal)
  t.strictSame([sent, errors.list()], [[], []], 'a floor that holds is no failure')
  refusal = undefined
  await keep(1, 7, signal)
  t.strictSame(sent, ['demote:1:7'])
})
