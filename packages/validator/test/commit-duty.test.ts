import { MINIMAL_PARAMETERS } from '@witan/protocol'
import { createSeededRandom } from '@witan/runtime'
import t from 'tap'
import { createCommitDuty } from '../src/duties/commit-duty.js'
import type { JournaledCommitment, PlannedCommitment } from '../src/journal/commitment-journal.js'
import { CHAIN_ID, CONSENSUS, NETUID, neuronOf, START_SECONDS, TestChain } from './support/chain.js'
import { keyOf } from './support/miners.js'

/** The row that operator 0 commits when it judged `row` and no weight may be more than `maxWeightRatio` of the sum. */
async function committed(row: readonly number[], maxWeightRatio: number): Promise<readonly number[] | undefined> {
  const chain = new TestChain({ nowMs: () => START_SECONDS * 1000 })
  const operators = row.map((_, uid) => keyOf(1 + uid).address)
  chain.neurons = operators.map((operator, uid) => neuronOf(uid, operator))
  const client = chain.client()
  const subnet = await client.subnets.subnet(NETUID)
  const parameters = { ...MINIMAL_PARAMETERS, maxWeightRatio }
  const subnets = { ...client.subnets, subnet: async () => ({ ...subnet, parameters }) }
  const plans: PlannedCommitment[] = []
  const duty = createCommitDuty(
    { netuid: NETUID, operator: operators[0]!, chainId: CHAIN_ID, consensus: CONSENSUS },
    {
      chain: { subnets, intents: client.intents },
      transactions: { submit: async () => undefined },
      journal: {
        plan: (planned) => plans.push(planned),
        find: (): JournaledCommitment | undefined => undefined,
        mark: () => undefined,
        openBefore: () => [],
        lastIn: () => undefined,
      },
      rows: { rowFor: async () => row },
      random: createSeededRandom('commit duty'),
      onCommitted: () => undefined,
    },
  )
  const window = { startsAt: 0, endsAt: 15, revealEndsAt: 22, settleEndsAt: 30 }
  await duty.run({ epoch: 0, window, now: 12, signal: new AbortController().signal })
  return plans[0]?.weights
}

t.test('a row is cut to what the subnet allows before it is committed', async (t) => {
  t.same(await committed([0, 65_535, 30_000, 10_000], 65_535), [0, 65_535, 30_000, 10_000], 'everything is allowed')
  t.same(await committed([0, 65_535, 30_000, 10_000], 32_768), [0, 65_535, 49_150, 16_384], 'half of the sum')
  t.same(await committed([500, 65_535, 65_535, 1], 65_535), [0, 65_535, 65_535, 1], 'no weight for itself')
})

t.test('a row that no cut makes one that the subnet allows is not committed', async (t) => {
  await t.rejects(committed([0, 65_535, 3, 0], 21_845), {
    code: 'WEIGHT_ROW_REFUSED',
    facts: { largest: 65_535, sum: 131_070, maxWeightRatio: 21_845 },
  })
})
