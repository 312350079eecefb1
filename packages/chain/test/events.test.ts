import { openDatabase } from '@witan/runtime'
import t, { type Test } from 'tap'
import {
  CHAIN_MIGRATIONS,
  type ChainClient,
  type Cursor,
  createBlockWatcher,
  createDurableCursor,
  type EventFollower,
  followEvents,
  openChain,
  type Rpc,
} from '../src/index.js'
import { keyOf } from './support/keys.js'
import { clock, type LocalChain, logger, startLocalChain } from './support/local-chain.js'
import { deployTestNetwork } from './support/test-network.js'
import { until } from './support/until.js'

interface Stage {
  readonly local: LocalChain
  readonly chain: ChainClient
  readonly pay: (amountWei: bigint) => Promise<void>
}

async function setUp(t: Test): Promise<Stage> {
  const local = await startLocalChain(['deployer', 'owner'])
  t.teardown(() => local.stop())
  const chain = await openChain(await deployTestNetwork(local), { clock })
  const owner = await local.senderOf('owner')
  let count = 0
  const pay = async (amountWei: bigint) => {
    const intent = chain.intents.transfer(keyOf('bob').address, amountWei)
    await owner.submit(intent, { idempotenceKey: `pay ${count++}` })
  }
  return { local, chain, pay }
}

/** A follower that keeps what stands: the amounts of transfers to bob, by block. */
function follow(
  { chain, local }: Stage,
  options: { rpc?: Rpc; cursor?: Cursor; maxRangeBlocks?: number; confirmations?: number } = {},
) {
  const { rpc = local.rpc, cursor, ...rest } = options
  const seen: { block: number; amount: bigint }[] = []
  const rollbacks: number[] = []
  const follower: EventFollower = followEvents(
    { contracts: chain.contractsByAddress, fromBlock: chain.network.deployedAtBlock, pollMs: 20, ...rest },
    {
      rpc,
      clock,
      logger,
      ...(cursor && { cursor }),
      onEvents({ events }) {
        for (const event of events) {
          if (event.contract !== 'WitanToken' || event.name !== 'Transfer' || event.args.to !== keyOf('bob').address)
            continue
          seen.push({ block: event.blockNumber, amount: event.args.value })
        }
      },
      onRollback(toBlock) {
        rollbacks.push(toBlock)
        while (seen.length > 0 && seen.at(-1)!.block > toBlock) seen.pop()
      },
    },
  )
  return { follower, rollbacks, amounts: () => seen.map(({ amount }) => amount) }
}

const has = (amounts: () => bigint[], count: number) => until(() => amounts().length === count)

t.test('events are delivered in order, once, and again after a rollback', async (t) => {
  const stage = await setUp(t)
  const { follower, amounts, rollbacks } = follow(stage)
  await follower.start()
  t.teardown(() => follower.stop())
  await stage.pay(1n)
  await stage.pay(2n)
  await has(amounts, 2)
  const forkAt = follower.position()
  const snapshot = await stage.local.rpc.request<string>('evm_snapshot', [])
  await stage.local.rpc.request('anvil_mine', ['0x2'])
  await stage.pay(3n)
  await has(amounts, 3)
  await stage.local.rpc.request('evm_revert', [snapshot])
  await stage.local.rpc.request('evm_increaseTime', [30])
  await until(() => rollbacks.length > 0)
  await stage.pay(4n)
  await has(amounts, 4)
  t.ok(rollbacks[0]! <= forkAt)
  t.same([...amounts()].sort(), [1n, 2n, 3n, 4n], 'the sender mined the lost payment again')
})

t.test('confirmations hold events back', async (t) => {
  const stage = await setUp(t)
  const { follower, amounts } = follow(stage, { confirmations: 2 })
  await follower.start()
  t.teardown(() => follower.stop())
  await stage.pay(1n)
  const head = (await stage.chain.latestBlock()).number
  await until(() => follower.position() === head - 2)
  t.same(amounts(), [])
  await stage.local.rpc.request('anvil_mine', ['0x2'])
  await has(amounts, 1)
})

t.test('a durable cursor goes on after a restart', async (t) => {
  const stage = await setUp(t)
  const database = openDatabase(':memory:', CHAIN_MIGRATIONS)
  t.teardown(() => database.close())
  const cursor = createDurableCursor(database, 'test', stage.chain.genesisHash)
  const first = follow(stage, { cursor })
  await first.follower.start()
  await stage.pay(1n)
  await has(first.amounts, 1)
  await first.follower.stop()
  await stage.pay(2n)
  const second = follow(stage, { cursor })
  await second.follower.start()
  t.teardown(() => second.follower.stop())
  await has(second.amounts, 1)
  t.same(second.amounts(), [2n])
})

t.test('an endpoint that refuses long ranges, dies and lies about nothing is followed all the same', async (t) => {
  const stage = await setUp(t)
  for (const amount of [1n, 2n, 3n]) await stage.pay(amount)
  await stage.local.rpc.request('anvil_mine', ['0x20'])
  let isDead = false
  let refusals = 0
  const difficult: Rpc = {
    request(method, params, options) {
      const [filter] = params as [{ fromBlock?: string; toBlock?: string }]
      const tooLong = method === 'eth_getLogs' && Number(filter.toBlock) - Number(filter.fromBlock) >= 8
      if (tooLong) refusals++
      return isDead || tooLong
        ? stage.local.rpc.request('eth_call', ['nonsense'])
        : stage.local.rpc.request(method, params, options)
    },
  }
  const { follower, amounts } = follow(stage, { rpc: difficult })
  await follower.start()
  t.teardown(() => follower.stop())
  await has(amounts, 3)
  t.ok(refusals > 0)
  isDead = true
  await stage.pay(4n)
  await clock.sleep(100)
  t.equal(amounts().length, 3)
  isDead = false
  await has(amounts, 4)
})

t.test('the block watcher tells heads and times', async (t) => {
  const { local, chain } = await setUp(t)
  const watcher = createBlockWatcher({ pollMs: 20 }, { rpc: local.rpc, clock, logger })
  await watcher.start()
  t.teardown(() => watcher.stop())
  const heads: number[] = []
  const remove = watcher.onBlock(({ number }) => void heads.push(number))
  const { timestamp, number } = await chain.latestBlock()
  await until(() => watcher.latest()?.number === number)
  const waiting = watcher.waitForTimestamp(timestamp + 100)
  await local.moveTo(timestamp + 50)
  await local.moveTo(timestamp + 120)
  t.equal((await waiting).timestamp, timestamp + 120)
  t.equal((await watcher.waitForTimestamp(timestamp)).timestamp, timestamp + 120, 'a past time is there at once')
  remove()
  t.same(
    heads,
    [...heads].sort((a, b) => a - b),
  )
  const aborted = watcher.waitForTimestamp(timestamp + 10_000, AbortSignal.abort(new Error('enough')))
  await t.rejects(aborted, { message: 'enough' })
})
