import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { abis } from '@witan/contracts'
import { WitanError } from '@witan/protocol'
import { openDatabase } from '@witan/runtime'
import t, { type Test } from 'tap'
import { interfaceOf } from '../src/abi/interface-of.js'
import { readBlock } from '../src/blocks/block.js'
import {
  CHAIN_MIGRATIONS,
  createSender,
  type ExpiredIntent,
  type Intent,
  type Rpc,
  type SenderModules,
  type SenderOptions,
} from '../src/index.js'
import { coin } from './support/coin.js'
import { keyOf } from './support/keys.js'
import { clock, type LocalChain, logger, startLocalChain } from './support/local-chain.js'
import { until } from './support/until.js'

const REVERTING = `0x${'ee'.repeat(20)}` as const
/** Selector of `AlreadySettled(uint64)`. */
const SETTLED = interfaceOf(abis.Consensus).getError('AlreadySettled')!.selector.slice(2)
const revert: Intent = { ...coin('bob', 0n), to: REVERTING }

async function setUp(t: Test): Promise<LocalChain> {
  const local = await startLocalChain(['alice'])
  t.teardown(() => local.stop())
  // PUSH0 PUSH0 REVERT
  await local.rpc.request('anvil_setCode', [REVERTING, '0x5f5ffd'])
  return local
}

const balanceOf = async ({ rpc }: LocalChain, name: string) =>
  BigInt(await rpc.request<string>('eth_getBalance', [keyOf(name).address, 'latest']))

const nonceOf = async ({ rpc }: LocalChain, name: string) =>
  Number(await rpc.request<string>('eth_getTransactionCount', [keyOf(name).address, 'latest']))

async function openSender(
  t: Test,
  local: LocalChain,
  path: string,
  { onExpired, ...options }: Partial<SenderOptions> & Pick<SenderModules, 'onExpired'> = {},
  rpc = local.rpc,
) {
  const genesisHash = (await readBlock(local.rpc, 0))!.hash
  const database = openDatabase(path, CHAIN_MIGRATIONS)
  const sender = createSender(
    { chainId: 31_337, genesisHash, pollMs: 20, ...options },
    { signer: keyOf('alice'), rpc, database, clock, logger, ...(onExpired && { onExpired }) },
  )
  t.teardown(async () => {
    await sender.stop()
    database.close()
  })
  return { sender, database }
}

t.test('a revert in the middle of a burst leaves no hole', async (t) => {
  const local = await setUp(t)
  const sender = await local.senderOf('alice')
  const submissions = Array.from({ length: 20 }, (_, index) =>
    sender.submit(index === 10 ? revert : coin('bob', 1n), { idempotenceKey: `burst ${index}`, deadlineMs: 20_000 }),
  )
  const outcomes = await Promise.allSettled(submissions)
  t.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 19)
  t.match(outcomes[10], { status: 'rejected', reason: { code: 'CONTRACT_REVERTED', exitCode: 65 } })
  t.equal(await nonceOf(local, 'alice'), 19)
  t.equal(await balanceOf(local, 'bob'), 19n)
  t.equal(sender.pending(), 0)
})

t.test('one key sends once', async (t) => {
  const local = await setUp(t)
  const sender = await local.senderOf('alice')
  const submit = () => sender.submit(coin('bob', 5n), { idempotenceKey: 'once' })
  const [first, second] = await Promise.all([submit(), submit()])
  t.same(await submit(), first)
  t.same(second, first)
  t.equal(await balanceOf(local, 'bob'), 5n)
  await t.rejects(sender.submit(coin('bob', 6n), { idempotenceKey: 'once' }), { code: 'IDEMPOTENCE_KEY_REUSED' })
})

t.test('who gives up early does not take others along', async (t) => {
  const local = await setUp(t)
  const sender = await local.senderOf('alice')
  const controller = new AbortController()
  const submit = (signal?: AbortSignal) =>
    sender.submit(coin('bob', 2n), { idempotenceKey: 'shared', deadlineMs: 10_000, ...(signal && { signal }) })
  const first = t.rejects(submit(controller.signal), { message: 'enough' })
  const second = submit()
  controller.abort(new Error('enough'))
  await first
  await second
  t.equal(await balanceOf(local, 'bob'), 2n)
  t.equal(await nonceOf(local, 'alice'), 1)
})

t.test('a transaction that reverts only when mined tells why', async (t) => {
  const local = await setUp(t)
  await local.rpc.request('anvil_setCode', [REVERTING, '0x00'])
  await local.rpc.request('evm_setAutomine', [false])
  const sender = await local.senderOf('alice')
  const outcome = sender.submit(revert, { idempotenceKey: 'late', deadlineMs: 10_000 })
  const refused = t.rejects(outcome, { code: 'CONTRACT_REVERTED', facts: { blockNumber: 1 } })
  await until(() => sender.pending() === 1)
  await local.rpc.request('anvil_setCode', [REVERTING, '0x5f5ffd'])
  await local.rpc.request('evm_mine', [])
  await refused
  await t.rejects(sender.submit(revert, { idempotenceKey: 'late' }), { code: 'CONTRACT_REVERTED' }, 'and again')
})

t.test('a transaction that came too late for its window is told the reason of its own block', async (t) => {
  const local = await setUp(t)
  const deadline = (await readBlock(local.rpc, 'latest'))!.timestamp + 1_000
  // Reverts with TooEarly(0) when the block's time is past the first word of the call.
  await local.rpc.request('anvil_setCode', [
    REVERTING,
    `0x426000351060095700${'5b7f2a35a324'}${'00'.repeat(28)}60005260246000fd`,
  ])
  await local.rpc.request('evm_setAutomine', [false])
  const sender = await local.senderOf('alice')
  const timely: Intent = { ...revert, data: `0x${deadline.toString(16).padStart(64, '0')}` }
  const refused = t.rejects(sender.submit(timely, { idempotenceKey: 'too late', deadlineMs: 10_000 }), {
    code: 'TOO_EARLY',
  })
  await until(() => sender.pending() === 1)
  await local.rpc.request('evm_setNextBlockTimestamp', [deadline + 1])
  await local.rpc.request('evm_mine', [])
  await refused
})

t.test('a transaction that lost to another in its block is told what the other did', async (t) => {
  const local = await startLocalChain(['alice', 'bob'])
  t.teardown(() => local.stop())
  // Succeeds once; then reverts with AlreadySettled.
  await local.rpc.request('anvil_setCode', [REVERTING, `0x5f54600a5760015f55005b63${SETTLED}60e01b5f5260045ffd`])
  await local.rpc.request('evm_setAutomine', [false])
  const senders = [await local.senderOf('alice'), await local.senderOf('bob')]
  const sent = senders.map((sender) => sender.submit(revert, { idempotenceKey: 'settle', deadlineMs: 10_000 }))
  const outcomes = Promise.allSettled(sent)
  await until(() => senders.every((sender) => sender.pending() === 1))
  await local.rpc.request('evm_mine', [])
  const ended = await outcomes
  t.match(ended.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
  t.match(
    ended.find(({ status }) => status === 'rejected'),
    { reason: { code: 'ALREADY_SETTLED' } },
  )
})

t.test('past its deadline a transaction is cancelled at its nonce, told once, and may be sent again', async (t) => {
  const local = await setUp(t)
  await local.rpc.request('evm_setAutomine', [false])
  const expired: ExpiredIntent[] = []
  const options = { closingMs: 50, onExpired: (intent: ExpiredIntent) => expired.push(intent) }
  const { sender } = await openSender(t, local, ':memory:', options)
  await sender.start()
  const submit = (deadlineMs: number) => sender.submit(coin('bob', 1n), { idempotenceKey: 'slow', deadlineMs })
  await t.rejects(submit(1_000), { code: 'TRANSACTION_NOT_MINED', exitCode: 75, facts: { nonce: 0 } })
  await until(() => sender.stateOf('slow') === 'closing')
  await local.rpc.request('evm_mine', [])
  await t.rejects(submit(10_000), { code: 'TRANSACTION_EXPIRED', facts: { cancelledAtNonce: 0 } })
  t.equal(await balanceOf(local, 'bob'), 0n)
  t.equal(await nonceOf(local, 'alice'), 1, 'the cancellation')
  t.same(
    expired.map(({ idempotenceKey, nonce }) => ({ idempotenceKey, nonce })),
    [{ idempotenceKey: 'slow', nonce: 0 }],
  )
  await local.rpc.request('evm_setAutomine', [true])
  await submit(10_000)
  t.equal(await balanceOf(local, 'bob'), 1n, 'a new life of the key')
  t.equal(expired.length, 1)
})

t.test('an intent that no endpoint hears of expires unsigned', async (t) => {
  const local = await setUp(t)
  let isDead = true
  const rpc: Rpc = {
    request: (method, params, options) =>
      isDead ? Promise.reject(new WitanError('RPC_UNAVAILABLE', 'dead')) : local.rpc.request(method, params, options),
  }
  const expired: ExpiredIntent[] = []
  const { sender } = await openSender(t, local, ':memory:', { onExpired: (intent) => expired.push(intent) }, rpc)
  await sender.start()
  const submit = (idempotenceKey: string, deadlineMs: number) =>
    sender.submit(coin('bob', 1n), { idempotenceKey, deadlineMs })
  const later = submit('later', 20_000)
  await t.rejects(submit('soon', 100), { code: 'TRANSACTION_EXPIRED', facts: { cancelledAtNonce: undefined } })
  t.match(expired, [{ idempotenceKey: 'soon', nonce: undefined }])
  t.equal(sender.queued(), 1)
  isDead = false
  await later
  t.equal(await balanceOf(local, 'bob'), 1n)
})

t.test('an intent that a process left unsigned is sent by the next one', async (t) => {
  const local = await setUp(t)
  const folder = await mkdtemp(join(tmpdir(), 'witan-sender-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const path = join(folder, 'chain.db')
  const dead: Rpc = { request: () => Promise.reject(new WitanError('RPC_UNAVAILABLE', 'dead')) }
  const first = await openSender(t, local, path, {}, dead)
  await first.sender.start()
  void first.sender.submit(coin('bob', 4n), { idempotenceKey: 'left', deadlineMs: 20_000 }).catch(() => undefined)
  await until(() => first.sender.queued() === 1)
  await first.sender.stop()
  const { sender } = await openSender(t, local, path)
  await sender.start()
  await until(() => sender.stateOf('left') === 'mined')
  t.equal(await balanceOf(local, 'bob'), 4n)
})

t.test('who gives up before anything is signed takes the intent back', async (t) => {
  const local = await setUp(t)
  const dead: Rpc = { request: () => Promise.reject(new WitanError('RPC_UNAVAILABLE', 'dead')) }
  const { sender } = await openSender(t, local, ':memory:', {}, dead)
  await sender.start()
  const controller = new AbortController()
  const sent = sender.submit(coin('bob', 1n), { idempotenceKey: 'not so', signal: controller.signal })
  controller.abort(new Error('enough'))
  await t.rejects(sent, { message: 'enough' })
  t.equal(sender.stateOf('not so'), undefined)
})

t.test('a cap on value and gas refuses, for one intent or for all of a key', async (t) => {
  const local = await setUp(t)
  const { sender } = await openSender(t, local, ':memory:', { maxCostWei: 10n ** 18n })
  await sender.start()
  const refused = { code: 'COST_CAP_EXCEEDED', exitCode: 77 }
  await t.rejects(sender.submit(coin('bob', 10n ** 18n), { idempotenceKey: 'all' }), refused)
  const submit = (maxCostWei: bigint) => sender.submit(coin('bob', 5n), { idempotenceKey: 'one', maxCostWei })
  await t.rejects(submit(5n), { ...refused, facts: { valueWei: 5n, capWei: 5n, call: 'coin.transfer' } })
  t.equal(sender.stateOf('one'), 'refused')
  t.equal(sender.pending(), 0)
  await submit(10n ** 17n)
  t.equal(await balanceOf(local, 'bob'), 5n)
})

t.test('a stuck transaction is replaced by one with a higher fee', async (t) => {
  const local = await setUp(t)
  await local.rpc.request('evm_setAutomine', [false])
  const { sender } = await openSender(t, local, ':memory:', { stuckMs: 50 })
  await sender.start()
  const sent = sender.submit(coin('bob', 7n), { idempotenceKey: 'stuck', deadlineMs: 20_000 })
  await until(() => sender.pending() === 1)
  const pool = async () => Object.values((await local.rpc.request<TxPool>('txpool_content', [])).pending)[0]?.['0']
  const before = await until(async () => (await pool()) !== undefined).then(pool)
  await until(async () => (await pool())?.hash !== before!.hash)
  const after = await pool()
  t.ok(BigInt(after!.maxFeePerGas) > BigInt(before!.maxFeePerGas))
  await local.rpc.request('evm_mine', [])
  await sent
  t.equal(await balanceOf(local, 'bob'), 7n)
  t.equal(await nonceOf(local, 'alice'), 1)
})

interface TxPool {
  readonly pending: Record<string, Record<string, { hash: string; maxFeePerGas: string }>>
}

t.test('limits and empty accounts refuse before anything is journaled', async (t) => {
  const local = await setUp(t)
  const { sender } = await openSender(t, local, ':memory:', { maxFeePerGasWei: 1n })
  await sender.start()
  await t.rejects(sender.submit(coin('bob', 1n), { idempotenceKey: 'dear' }), { code: 'TRANSACTION_TOO_COSTLY' })
  const poor = await local.senderOf('pauper')
  await t.rejects(poor.submit(coin('bob', 1n), { idempotenceKey: 'poor' }), {
    code: 'INSUFFICIENT_FUNDS',
    exitCode: 77,
  })
  t.equal(sender.pending() + poor.pending(), 0)
})

t.test('another transaction of the key takes the nonce', async (t) => {
  const local = await setUp(t)
  await local.rpc.request('evm_setAutomine', [false])
  const { sender } = await openSender(t, local, ':memory:', { conflictMs: 100 })
  await sender.start()
  const conflicting = t.rejects(sender.submit(coin('bob', 1n), { idempotenceKey: 'lost', deadlineMs: 60_000 }), {
    code: 'TRANSACTION_CONFLICT',
    facts: { nonce: 0 },
  })
  await until(() => sender.pending() === 1)
  await local.rpc.request('anvil_dropAllTransactions', [])
  await local.rpc.request('anvil_setNonce', [keyOf('alice').address, '0x1'])
  await local.rpc.request('evm_mine', [])
  await conflicting
})

t.test('a dead endpoint delays, nothing more', async (t) => {
  const local = await setUp(t)
  let isDead = false
  const rpc: Rpc = {
    request: (method, params, options) =>
      local.rpc.request(isDead ? 'eth_call' : method, isDead ? [{ to: REVERTING }, 'dead'] : params, options),
  }
  const { sender } = await openSender(t, local, ':memory:', {}, rpc)
  await sender.start()
  await local.rpc.request('evm_setAutomine', [false])
  const sent = sender.submit(coin('bob', 3n), { idempotenceKey: 'patient', deadlineMs: 20_000 })
  await until(() => sender.pending() === 1)
  isDead = true
  await local.rpc.request('evm_mine', [])
  await clock.sleep(100)
  isDead = false
  await sent
  t.equal(await balanceOf(local, 'bob'), 3n)
})

t.test('mined blocks that are lost are mined again from the journal', async (t) => {
  const local = await setUp(t)
  const snapshot = await local.rpc.request<string>('evm_snapshot', [])
  const sender = await local.senderOf('alice')
  const submit = (index: number) => sender.submit(coin('bob', 1n), { idempotenceKey: `lost ${index}` })
  const [first] = await Promise.all([0, 1, 2].map(submit))
  await local.rpc.request('evm_revert', [snapshot])
  t.equal(await nonceOf(local, 'alice'), 0)
  await until(async () => (await balanceOf(local, 'bob')) === 3n)
  t.equal((await submit(0)).hash, first!.hash, 'the same transaction')
})

for (const point of ['before', 'after'] as const) {
  t.test(`kill -9 ${point} the broadcast neither loses nor doubles`, async (t) => {
    const local = await setUp(t)
    const folder = await mkdtemp(join(tmpdir(), 'witan-sender-'))
    t.teardown(() => rm(folder, { recursive: true, force: true }))
    const path = join(folder, 'chain.db')
    const script = fileURLToPath(new URL('support/sender-child.js', import.meta.url))
    const child = spawn(process.execPath, [script, local.chain.rpcUrl(), path, point], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(createInterface(child.stdout), 'line')
    child.kill('SIGKILL')
    await once(child, 'exit')
    t.equal(await balanceOf(local, 'bob'), point === 'before' ? 0n : 1n)

    const { sender } = await openSender(t, local, path)
    t.equal(sender.pending(), 1, 'the journal knows it')
    await sender.start()
    await sender.submit(coin('bob', 1n), { idempotenceKey: 'the one', deadlineMs: 10_000 })
    t.equal(await balanceOf(local, 'bob'), 1n)
    t.equal(await nonceOf(local, 'alice'), 1)
    t.equal(sender.pending(), 0)
  })
}

t.test('a journal of another chain is not replayed', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'witan-sender-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const path = join(folder, 'chain.db')
  for (const expected of [1n, 1n]) {
    const local = await setUp(t)
    const { sender } = await openSender(t, local, path)
    await sender.start()
    await sender.submit(coin('bob', 1n), { idempotenceKey: 'per chain' })
    t.equal(await balanceOf(local, 'bob'), expected)
    await sender.stop()
  }
})

t.test('a sender stops at once though its endpoint is silent', async (t) => {
  const local = await setUp(t)
  let isSilent = false
  const rpc: Rpc = {
    request: <T>(method: string, params: readonly unknown[], options: { signal?: AbortSignal | undefined } = {}) => {
      if (!isSilent) return local.rpc.request<T>(method, params, options)
      return new Promise<T>((_, reject) =>
        options.signal?.addEventListener('abort', () => reject(options.signal?.reason)),
      )
    },
  }
  await local.rpc.request('evm_setAutomine', [false])
  const { sender } = await openSender(t, local, ':memory:', { closingMs: 100 }, rpc)
  await sender.start()
  const sent = t.rejects(sender.submit(coin('bob', 1n), { idempotenceKey: 'silent', deadlineMs: 300 }))
  await until(() => sender.pending() === 1)
  isSilent = true
  await sent
  await sender.stop()
  t.equal(sender.pending(), 1, 'it stays journaled')
})
