import { createManualClock, openDatabase } from '@witan/runtime'
import t, { type Test } from 'tap'
import {
  CHAIN_MIGRATIONS,
  type ChainEvent,
  type Cursor,
  createDurableCursor,
  type FollowModules,
  followEvents,
} from '../src/index.js'
import { createFakeChain } from './support/fake-chain.js'
import { logger } from './support/local-chain.js'

const POLL_MS = 100
const amountOf = (event: ChainEvent) =>
  event.contract === 'WitanToken' && event.name === 'Transfer' ? event.args.value : -1n

/** A follower of a fake chain, on a clock that the test moves; `standing` is what a listener would hold true. */
async function follow(t: Test, chain = createFakeChain(), modules: Partial<FollowModules> = {}) {
  const clock = createManualClock()
  const standing: bigint[] = []
  const rollbacks: { toBlock: number; removed: bigint[] }[] = []
  const follower = followEvents(
    { contracts: chain.contracts, fromBlock: 1, pollMs: POLL_MS },
    {
      rpc: chain.rpc,
      clock,
      logger,
      onEvents: ({ events }) => void standing.push(...events.map(amountOf)),
      onRollback(toBlock, removed) {
        rollbacks.push({ toBlock, removed: removed.map(amountOf) })
        for (const event of removed) t.equal(standing.pop(), amountOf(event), 'taken back in reverse order')
      },
      ...modules,
    },
  )
  await follower.start()
  t.teardown(() => follower.stop())
  const poll = async (times = 1) => {
    for (let time = 0; time < times; time++) await clock.advance(POLL_MS)
  }
  await poll()
  return { chain, follower, standing, rollbacks, poll }
}

const amounts = (from: number, count: number) => Array.from({ length: count }, (_, index) => BigInt(from + index))

t.test('events of replaced blocks are taken back, the newest first, and those of the new ones follow', async (t) => {
  const { chain, standing, rollbacks, poll } = await follow(t)
  chain.mine(...amounts(1, 10))
  await poll(2)
  t.same(standing, amounts(1, 10))
  chain.fork(4, 70n, undefined, 90n, 100n, 110n)
  await poll(2)
  t.same(rollbacks, [{ toBlock: 6, removed: [10n, 9n, 8n, 7n] }])
  t.same(standing, [...amounts(1, 6), 70n, 90n, 100n, 110n])
})

t.test('a reorganisation of 64 blocks is followed, a deeper one is told and built anew', async (t) => {
  for (const depth of [64, 65]) {
    const errors: unknown[] = []
    const standing: bigint[] = []
    const stage = await follow(t, createFakeChain(), {
      onEvents: ({ events }) => void standing.push(...events.map(amountOf)),
      onRollback: (_, removed) => void standing.splice(standing.length - removed.length),
      onDeepReorg(error) {
        errors.push(error)
        standing.length = 0
      },
    })
    // Seen one by one, as a follower that keeps up sees them.
    for (const amount of amounts(1, 100)) {
      stage.chain.mine(amount)
      await stage.poll()
    }
    await stage.poll()
    t.same(standing, amounts(1, 100))
    const fresh = amounts(1_000, depth + 1)
    stage.chain.fork(depth, ...fresh)
    await stage.poll(6)
    t.same(standing, [...amounts(1, 100 - depth), ...fresh], `${depth} blocks`)
    if (depth === 64) t.same(errors, [])
    else t.match(errors, [{ code: 'REORG_TOO_DEEP', exitCode: 69, facts: { keptBlocks: 64, oldestBlock: 36 } }])
  }
})

t.test('without a listener for it a deep reorganisation stops the follower until it is rebuilt', async (t) => {
  const { chain, follower, standing, poll } = await follow(t)
  chain.mine(...amounts(1, 200))
  await poll(3)
  chain.fork(150, ...amounts(500, 160))
  await poll(3)
  t.same(standing, amounts(1, 200), 'nothing of the new fork is mixed with the old one')
  standing.length = 0
  follower.rebuild()
  await poll(200)
  t.same(standing, [...amounts(1, 50), ...amounts(500, 160)])
})

t.test('who forgets everything while a batch or a rollback is delivered gets everything again', async (t) => {
  const chain = createFakeChain()
  const all: bigint[] = []
  let forgets = false
  const forget = () => {
    if (!forgets) return
    forgets = false
    all.length = 0
    follower.rebuild()
  }
  const { follower, poll } = await follow(t, chain, {
    onEvents({ events }) {
      all.push(...events.map(amountOf))
      forget()
    },
    onRollback: forget,
  })
  chain.mine(...amounts(1, 5))
  await poll(2)
  chain.mine(6n)
  forgets = true
  await poll(4)
  t.same(all, amounts(1, 6), 'in a batch')
  chain.fork(2, 50n, 60n, 70n)
  forgets = true
  await poll(4)
  t.same(all, [...amounts(1, 4), 50n, 60n, 70n], 'in a rollback')
})

t.test('an endpoint that lags takes nothing back', async (t) => {
  const { chain, standing, rollbacks, poll } = await follow(t)
  chain.mine(...amounts(1, 10))
  await poll(2)
  const rest = amounts(8, 3)
  chain.fork(3)
  await poll(3)
  t.same(rollbacks, [])
  chain.mine(...rest.map((amount) => amount + 0n))
  await poll(2)
  t.same(standing, amounts(1, 10), 'the same amounts in other blocks are other events')
  t.equal(rollbacks.length, 1)
})

t.test('after a restart what was delivered can still be taken back', async (t) => {
  const database = openDatabase(':memory:', CHAIN_MIGRATIONS)
  t.teardown(() => database.close())
  const cursor: Cursor = createDurableCursor(database, 'test', '0x01')
  const first = await follow(t, createFakeChain(), { cursor })
  first.chain.mine(...amounts(1, 100))
  await first.poll(3)
  await first.follower.stop()
  first.chain.fork(5, 200n)
  const removed: bigint[] = []
  const second = await follow(t, first.chain, {
    cursor,
    onRollback: (_, events) => void removed.push(...events.map(amountOf)),
  })
  await second.poll(3)
  t.same(removed, [100n, 99n, 98n, 97n, 96n])
  t.same(second.standing, [200n])
  t.equal(cursor.load().length, 61)
  second.chain.mine(...amounts(300, 50))
  await second.poll(2)
  t.equal(cursor.load().length, 65, 'memory and disk are bounded')
})
