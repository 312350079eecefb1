// What a sender does when its endpoint, a reorganisation or its own second loop comes between two of its steps.
import { WitanError } from '@witan/protocol'
import { openDatabase } from '@witan/runtime'
import { Transaction } from 'ethers'
import t, { type Test } from 'tap'
import { readBlock } from '../src/blocks/block.js'
import { CHAIN_MIGRATIONS, createSender, type Rpc, type SenderOptions } from '../src/index.js'
import { RpcRejection } from '../src/rpc/rpc-rejection.js'
import { coin } from './support/coin.js'
import { keyOf } from './support/keys.js'
import { clock, type LocalChain, logger, startLocalChain } from './support/local-chain.js'
import { until } from './support/until.js'

const alice = keyOf('alice').address

/** Sees every request before the chain does; `pass` hands it on. */
type Interceptor = (method: string, params: readonly unknown[], pass: () => Promise<unknown>) => Promise<unknown>

async function setUp(t: Test, intercept: Interceptor, options: Partial<SenderOptions> = {}) {
  const local = await startLocalChain(['alice'])
  const rpc: Rpc = {
    request: <T>(method: string, params: readonly unknown[], more?: object) =>
      intercept(method, params, () => local.rpc.request(method, params, more)) as Promise<T>,
  }
  const database = openDatabase(':memory:', CHAIN_MIGRATIONS)
  const genesisHash = (await readBlock(local.rpc, 0))!.hash
  const sender = createSender(
    { chainId: 31_337, genesisHash, pollMs: 20, closingMs: 50, ...options },
    { signer: keyOf('alice'), rpc, database, clock, logger },
  )
  t.teardown(async () => {
    await sender.stop()
    database.close()
    await local.stop()
  })
  await sender.start()
  const sent = () =>
    database
      .prepare<[], { kind: string; raw: string; intent: number }>(
        'SELECT kind, raw, intent_id AS intent FROM signatures ORDER BY rowid',
      )
      .all()
      .map(({ kind, raw, intent }) => ({ kind, intent, raw, ...fieldsOf(raw) }))
  return { local, sender, database, sent }
}

function fieldsOf(raw: string) {
  const { to, nonce, value, gasLimit, maxFeePerGas } = Transaction.from(raw)
  return { to, nonce, value, gasLimit, maxFeeWei: maxFeePerGas ?? 0n }
}

const balanceOf = async ({ rpc }: LocalChain, name: string) =>
  BigInt(await rpc.request<string>('eth_getBalance', [keyOf(name).address, 'latest']))

const nonceOf = async ({ rpc }: LocalChain) =>
  Number(await rpc.request<string>('eth_getTransactionCount', [alice, 'latest']))

const isTransfer = (raw: unknown) => fieldsOf(raw as string).value > 0n

t.test('a call that was mined while it was being cancelled is sent again when its block is lost', async (t) => {
  let holdsCancellations = true
  const { local, sender } = await setUp(t, (method, [raw], pass) =>
    holdsCancellations && method === 'eth_sendRawTransaction' && !isTransfer(raw) ? Promise.resolve('0x') : pass(),
  )
  await local.rpc.request('evm_setAutomine', [false])
  const submit = (deadlineMs: number) => sender.submit(coin('bob', 9n), { idempotenceKey: 'told', deadlineMs })
  await t.rejects(submit(1_000), { code: 'TRANSACTION_NOT_MINED' })
  await until(() => sender.stateOf('told') === 'closing')
  const snapshot = await local.rpc.request<string>('evm_snapshot', [])
  await local.rpc.request('evm_mine', [])
  const told = await submit(10_000)
  t.equal(told.blockNumber, 1)
  holdsCancellations = false
  await local.rpc.request('evm_revert', [snapshot])
  await local.rpc.request('anvil_dropAllTransactions', [])
  await local.rpc.request('evm_setAutomine', [true])
  await until(async () => (await nonceOf(local)) === 1)
  t.equal(await balanceOf(local, 'bob'), 9n, 'who was told that it is mined is not left with a cancellation')
  await until(() => sender.stateOf('told') === 'mined')
})

t.test('a version signed after a reorganisation keeps within the cap, value and all', async (t) => {
  const { local, sender, sent } = await setUp(t, (_, __, pass) => pass(), { stuckMs: 50, feeStepsPercent: [1_000_000] })
  const snapshot = await local.rpc.request<string>('evm_snapshot', [])
  const value = 10n ** 18n
  const maxCostWei = value + 10n ** 15n
  await sender.submit(coin('bob', value), { idempotenceKey: 'capped', maxCostWei })
  await local.rpc.request('evm_setAutomine', [false])
  await local.rpc.request('evm_revert', [snapshot])
  await until(() => sender.pending() === 1 && sent().length > 1)
  for (const { gasLimit, maxFeeWei } of sent()) t.ok(value + gasLimit * maxFeeWei <= maxCostWei)
})

t.test('the fee of a cancellation ends where its ladder ends', async (t) => {
  let rounds = 0
  const intercept: Interceptor = (method, _, pass) => {
    if (method === 'eth_getTransactionCount') rounds++
    return pass()
  }
  const { local, sender, sent } = await setUp(t, intercept, { stuckMs: 1, feeStepsPercent: [11, 12] })
  await local.rpc.request('evm_setAutomine', [false])
  await t.rejects(sender.submit(coin('bob', 1n), { idempotenceKey: 'slow', deadlineMs: 1_000 }), {
    code: 'TRANSACTION_NOT_MINED',
  })
  rounds = 0
  await until(() => rounds > 12)
  t.ok(sent().filter(({ kind }) => kind === 'cancel').length <= 3, 'the first, and one for each step')
  await local.rpc.request('evm_mine', [])
  await until(() => sender.stateOf('slow') === 'expired')
})

t.test('a broadcast that stalls while the fee is raised does not end in a second transaction', async (t) => {
  let rounds = 0
  let first: unknown
  const { local, sender } = await setUp(
    t,
    async (method, [raw], pass) => {
      if (method === 'eth_getTransactionCount') rounds++
      if (method !== 'eth_sendRawTransaction') return pass()
      const isHeld = first === undefined
      first ??= raw
      if (raw !== first) return pass()
      // The first version gets no further than the stalled request.
      if (!isHeld) throw new WitanError('RPC_UNAVAILABLE', 'No RPC endpoint answers')
      const start = rounds
      await until(async () => rounds - start > 15 || (await nonceOf(local)) > 0)
      if ((await nonceOf(local)) === 0) return pass()
      throw new RpcRejection(method, -32_000, 'nonce too low', undefined, true)
    },
    { stuckMs: 40 },
  )
  await sender.submit(coin('bob', 7n), { idempotenceKey: 'stalled', deadlineMs: 20_000 })
  t.equal(await balanceOf(local, 'bob'), 7n)
  t.equal(await nonceOf(local), 1)
})

t.test('an intent that an endpoint refused is not sent after all', async (t) => {
  let rounds = 0
  let refused = false
  const { local, sender } = await setUp(t, async (method, _, pass) => {
    if (method === 'eth_getTransactionCount') rounds++
    if (method === 'eth_sendRawTransaction' && !refused) {
      refused = true
      const start = rounds
      await until(() => rounds - start > 3)
      throw new RpcRejection(method, -32_000, 'txpool is full', undefined)
    }
    // Behind a load balancer the next question goes to a node that has not heard of it.
    return method === 'eth_getTransactionByHash' && rounds < 100 ? null : pass()
  })
  const sent = sender.submit(coin('bob', 3n), { idempotenceKey: 'refused', deadlineMs: 20_000 })
  await t.rejects(sent, { code: 'RPC_REJECTED' })
  t.equal(sender.stateOf('refused'), 'refused')
  t.equal(await nonceOf(local), 0, 'what is reported as refused is not mined')
})

t.test('a call that reverts in the block that replaced its own is not called mined any more', async (t) => {
  let hasTurned = false
  const { local, sender, sent } = await setUp(t, async (method, _, pass) => {
    const answer = await pass()
    if (!hasTurned || method !== 'eth_getTransactionReceipt' || answer === null) return answer
    return { ...(answer as object), status: '0x0' }
  })
  await sender.submit(coin('bob', 1n), { idempotenceKey: 'turned' })
  hasTurned = true
  await local.rpc.request('anvil_reorg', [1, [[sent()[0]!.raw, 0]]])
  await until(() => sender.stateOf('turned') === 'reverted', 5_000)
  t.equal(sender.pending(), 0)
})

for (const [asked, garbage] of [
  ['eth_estimateGas', 'much'],
  ['eth_getTransactionCount', null],
  ['eth_maxPriorityFeePerGas', null],
  ['eth_getBlockByNumber', null],
] as const) {
  t.test(`an endpoint that answers ${asked} with ${garbage} delays, nothing more`, async (t) => {
    let left = 0
    const { local, sender } = await setUp(t, (method, _, pass) => {
      if (method !== asked || left === 0) return pass()
      left--
      return Promise.resolve(garbage)
    })
    left = 3
    await sender.submit(coin('bob', 1n), { idempotenceKey: 'odd', deadlineMs: 20_000 })
    t.equal(await balanceOf(local, 'bob'), 1n)
  })
}

t.test('a call that takes more gas once a boundary has passed is mined all the same', async (t) => {
  const { local, sender } = await setUp(t, (_, __, pass) => pass())
  const contract = `0x${'ee'.repeat(20)}` as const
  // Begins nine words, as a list of eight points does, when the block's time is past the first word of the call.
  const words = Array.from({ length: 9 }, (_, slot) => `6001600${slot}55`).join('')
  await local.rpc.request('anvil_setCode', [contract, `0x426000351060095700${'5b'}${words}00`])
  const boundary = (await readBlock(local.rpc, 'latest'))!.timestamp + 1_000
  await local.rpc.request('evm_setAutomine', [false])
  const data = `0x${boundary.toString(16).padStart(64, '0')}` as const
  const sent = sender.submit(
    { ...coin('bob', 0n), to: contract, data },
    { idempotenceKey: 'boundary', deadlineMs: 20_000 },
  )
  const isMined = t.resolves(sent)
  await until(() => sender.pending() === 1)
  await local.rpc.request('evm_setNextBlockTimestamp', [boundary + 1])
  await local.rpc.request('evm_mine', [])
  await isMined
})

t.test('a cancellation whose gas no endpoint estimates is sent all the same', async (t) => {
  const { local, sender } = await setUp(t, (method, [call], pass) => {
    const isSelf = method === 'eth_estimateGas' && (call as { to: string }).to === alice
    // EIP-7702: the account has code, which takes no plain transfers.
    return isSelf ? Promise.reject(new RpcRejection(method, 3, 'execution reverted', '0x')) : pass()
  })
  await local.rpc.request('evm_setAutomine', [false])
  await t.rejects(sender.submit(coin('bob', 1n), { idempotenceKey: 'late', deadlineMs: 1_000 }), {
    code: 'TRANSACTION_NOT_MINED',
  })
  await until(() => sender.stateOf('late') === 'closing', 3_000)
})
