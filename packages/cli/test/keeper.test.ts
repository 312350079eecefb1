// What a keeper does with an epoch, on a chain that only remembers what was sent.
import { type ClosingEpoch, NO_PAY } from '@witan/chain'
import { packWords, WitanError } from '@witan/protocol'
import { createManualClock, createMetrics, createRecentErrors } from '@witan/runtime'
import t from 'tap'
import { type CollectModules, collect } from '../src/keeper/collect.js'
import { createKeeper, type KeeperModules } from '../src/keeper/create-keeper.js'
import { createDecisionKeeper, dueStep, isOver } from '../src/keeper/decisions.js'
import { createErrandRunner, type Errand, type ErrandModules } from '../src/keeper/errand.js'
import { createRevenueKeeper, handOutWhenWorthIt, type RevenueModules } from '../src/keeper/revenue.js'
import { type EpochModules, settleEpoch } from '../src/keeper/settle-epoch.js'
import { createKeeperMetrics } from '../src/metrics.js'

const TOKEN = 10n ** 18n
const CLOSING: ClosingEpoch = { epoch: 5, startsAt: 0, endsAt: 100, revealEndsAt: 150, settleEndsAt: 200 }
const signal = new AbortController().signal

interface Scene {
  readonly stakes?: readonly number[]
  readonly snapshot?: number
  readonly settled?: number
  readonly emissionWei?: bigint
  readonly bountiesWei?: bigint
  readonly tokenPriceWei?: bigint
  readonly refusal?: WitanError
}

function play({ stakes = [7, 0], snapshot, settled, refusal, ...scene }: Scene) {
  const sent: { key: string; deadlineMs: number | undefined }[] = []
  const packed = { uids: stakes.length, stakes: packWords(stakes, 32), newPermits: [1n] }
  const intent = (method: string) => ({ description: method, call: { contract: 'Consensus', method, args: {} } })
  const chain = {
    consensus: {
      lastSettled: async () => (settled === undefined ? undefined : { epoch: settled }),
      lastSnapshot: async () => snapshot,
      snapshotOf: async () => packed,
    },
    money: {
      epochEmission: async () => scene.emissionWei ?? 100n * TOKEN,
      bountyCap: async () => TOKEN,
      bounties: async () => scene.bountiesWei ?? 0n,
      poolAccrued: async (nodeId: bigint) => nodeId * TOKEN,
    },
    subnets: { neurons: async () => [{ nodeId: 3n }, { nodeId: 0n }] },
    intents: {
      snapshot: () => intent('snapshot'),
      settle: () => intent('settle'),
      claimBounty: () => intent('claimBounty'),
      sync: () => intent('sync'),
    },
    settleInputs: async () => ({ snapshot: packed, votes: {}, voters: [0], lastPay: NO_PAY }),
    simulate: async () => [{ gasUsed: 500_000 }],
    rpc: { request: async () => '0x3b9aca00' },
  }
  const sender = {
    address: `0x${'11'.repeat(20)}`,
    submit: async (_: unknown, options: { idempotenceKey: string; deadlineMs?: number }) => {
      sent.push({ key: options.idempotenceKey, deadlineMs: options.deadlineMs })
      if (refusal !== undefined) throw refusal
    },
  }
  const rules = { tokenPriceWei: scene.tokenPriceWei, maxCostWei: undefined, sync: true }
  const modules = { chain, sender, rules, onAction: () => undefined } as unknown as EpochModules & CollectModules
  return { modules, sent }
}

t.test('the snapshot first, the settlement after the reveal window, each under its key and deadline', async (t) => {
  const first = play({})
  t.equal(await settleEpoch(1, CLOSING, 110, first.modules, signal), 'waiting')
  t.strictSame(first.sent, [{ key: 'snapshot:1:5', deadlineMs: 90_000 }])
  const early = play({ snapshot: 5 })
  t.equal(await settleEpoch(1, CLOSING, 149, early.modules, signal), 'waiting')
  t.strictSame(early.sent, [])
  const due = play({ snapshot: 5 })
  t.equal(await settleEpoch(1, CLOSING, 150, due.modules, signal), 'done')
  t.strictSame(due.sent, [{ key: 'settle:1:5', deadlineMs: 50_000 }])
})

t.test('what others did, what nobody staked on and what does not pay is left alone', async (t) => {
  const cases: [string, Scene, string, number][] = [
    ['settled by another', { settled: 5 }, 'settled', 0],
    ['nobody had stake', { stakes: [0, 0] }, 'stakeless', 0],
    ['the bounty is worth less', { tokenPriceWei: TOKEN / 1_000n }, 'unprofitable', 0],
    ['the bounty is worth more', { tokenPriceWei: TOKEN / 100n }, 'waiting', 1],
    ['no emission, no bounty', { tokenPriceWei: TOKEN, emissionWei: 0n }, 'unprofitable', 0],
    ['a snapshot came first', { refusal: new WitanError('ALREADY_SNAPSHOTTED', 'late') }, 'waiting', 1],
    ['the window closed', { refusal: new WitanError('EPOCH_VOID', 'late') }, 'void', 1],
    ['a settlement came first', { snapshot: 5, refusal: new WitanError('ALREADY_SETTLED', 'late') }, 'settled', 1],
  ]
  for (const [name, scene, state, sent] of cases) {
    const played = play(scene)
    t.equal(await settleEpoch(1, CLOSING, 160, played.modules, signal), state, name)
    t.equal(played.sent.length, sent, name)
  }
  const { modules } = play({ refusal: new WitanError('RPC_UNAVAILABLE', 'down') })
  await t.rejects(settleEpoch(1, CLOSING, 160, modules, signal), { code: 'RPC_UNAVAILABLE' })
})

t.test('bounties are claimed when they are worth ten times the gas, pools are synced when it is covered', async (t) => {
  const poor = play({ bountiesWei: TOKEN, tokenPriceWei: TOKEN / 1_000n })
  await collect(1, 5, poor.modules, signal)
  t.strictSame(
    poor.sent.map(({ key }) => key),
    ['sync:3:1:5'],
  )
  const rich = play({ bountiesWei: 5n * TOKEN, tokenPriceWei: TOKEN / 1_000n })
  await collect(1, 5, rich.modules, signal)
  t.strictSame(
    rich.sent.map(({ key }) => key),
    ['claim-bounty:1:5', 'sync:3:1:5'],
  )
})

t.test(
  'a decision is queued when it has won, executed when it has waited, and forgotten when it is over',
  async (t) => {
    const standing = { executableAt: null, expiresAt: 200 }
    t.equal(dueStep({ ...standing, state: 'active' }, 100), undefined)
    t.equal(dueStep({ ...standing, state: 'succeeded' }, 100), 'queue')
    t.equal(dueStep({ ...standing, state: 'succeeded' }, 201), undefined)
    const queued = { executableAt: 150, expiresAt: 200, state: 'queued' } as const
    t.equal(dueStep(queued, 149), undefined)
    t.equal(dueStep(queued, 150), 'execute')
    t.equal(dueStep(queued, 200), 'execute')
    t.equal(dueStep(queued, 201), undefined)
    for (const state of ['canceled', 'defeated', 'expired', 'executed'] as const) t.ok(isOver({ state }), state)
    for (const state of ['pending', 'active', 'succeeded', 'queued'] as const) t.notOk(isOver({ state }), state)

    const states = new Map<string, string>()
    let state = 'succeeded'
    let asked = 0
    let gone = false
    const since: (number | undefined)[] = []
    const chain = {
      governance: {
        proposedSince: async ({ fromBlock }: { fromBlock?: number }) => {
          since.push(fromBlock)
          return since.length === 8 ? [{ proposalId: 8n }] : since.length > 8 ? [] : [{ proposalId: 9n }]
        },
        standing: async () => {
          asked++
          if (gone) throw new WitanError('PROPOSAL_UNKNOWN', 'its block was replaced')
          return { state, executableAt: 150, expiresAt: 200 }
        },
      },
      intents: { queueProposal: () => 'queue', executeProposal: () => 'execute' },
    }
    const run: string[] = []
    const keep = createDecisionKeeper({
      chain,
      sender: { stateOf: (key: string) => states.get(key) },
      run: async ({ name, key, prepare }: Errand) => run.push(`${name} ${key} ${await prepare()}`),
    } as unknown as Parameters<typeof createDecisionKeeper>[0])
    await keep(100, 100, signal)
    await keep(100, 101, signal)
    state = 'queued'
    for (const [block, before] of [
      [101, undefined],
      [102, 'pending'],
      [103, 'expired'],
      [104, 'reverted'],
    ] as const) {
      if (before !== undefined) states.set('execute:9:0', before)
      await keep(block, 150, signal)
    }
    state = 'executed'
    await keep(105, 151, signal)
    await keep(106, 152, signal)
    gone = true
    await keep(170, 153, signal)
    await keep(171, 154, signal)
    const again = ['execute 9:0 execute', 'execute 9:0 execute', 'execute 9:0 execute', 'execute 9:1 execute']
    t.strictSame(run, ['queue 9:0 queue', ...again], 'a block is looked at once, and what is sent is not sent again')
    t.strictSame(since.slice(0, 4), [undefined, 36, 37, 38], 'from where it left off, and what may be replaced')
    t.equal(asked, 7, 'nothing is asked about what is over or gone')
  },
)

t.test('revenue is handed out when its gas is a twentieth of it, once an epoch', async (t) => {
  const cost = { tokenPriceWei: TOKEN / 1_000n, gas: 500_000, gasPriceWei: 10n ** 9n }
  t.notOk(handOutWhenWorthIt(10n * TOKEN - 1_000n, cost))
  t.ok(handOutWhenWorthIt(10n * TOKEN, cost))
  t.ok(handOutWhenWorthIt(TOKEN, undefined), 'no price is known')
  t.notOk(handOutWhenWorthIt(10n ** 9n, undefined), 'dust')

  const since: (number | undefined)[] = []
  const chain = {
    paidIn: async ({ fromBlock }: { fromBlock?: number }) => {
      since.push(fromBlock)
      return { keys: [1, 2].map((netuid) => ({ netuid, nodeId: 3n, modelId: BigInt(netuid) })), toBlock: 100 }
    },
    payments: { pendingRevenue: async () => 9n * TOKEN, potOf: async () => 11n * TOKEN },
    lastPay: async () => NO_PAY,
    intents: { distributeRevenue: () => 'distribute', payValidators: () => 'pay' },
    simulate: async () => [{ gasUsed: 500_000 }],
    rpc: { request: async () => '0x3b9aca00' },
  }
  const run: string[] = []
  const rules = { tokenPriceWei: TOKEN / 1_000n, maxCostWei: undefined, sync: false, epochsOnly: false }
  const keep = createRevenueKeeper({
    chain,
    rules,
    sender: {},
    run: async ({ name, key, prepare }: Errand) => run.push(`${name} ${key} ${await prepare()}`),
  } as unknown as RevenueModules)
  await keep(1, 5, signal)
  await keep(2, 8, signal)
  t.strictSame(run, [
    'distribute 1:3:1:5 undefined',
    'pay-validators 1:5 pay',
    'distribute 2:3:2:8 undefined',
    'pay-validators 2:8 pay',
  ])
  t.strictSame(since, [undefined, 36])
})

t.test(
  'a distribution that is not mined costs no epoch, and one that could not be looked at is tried again',
  async (t) => {
    const { modules, sent } = play({ snapshot: 5, bountiesWei: 1n })
    const clock = createManualClock()
    let epoch = 5
    let looks = 0
    const chain = {
      ...modules.chain,
      latestBlock: async () => ({ number: 100 + epoch, timestamp: 160 }),
      closingEpoch: async () => ({ ...CLOSING, epoch }),
      consensus: { ...modules.chain.consensus, lastSnapshot: async () => epoch },
      governance: { proposedSince: async () => [] },
      paidIn: async () => {
        if (looks++ === 0) throw new WitanError('RPC_UNAVAILABLE', 'down')
        return { keys: [{ netuid: 1, nodeId: 3n, modelId: 1n }], toBlock: 100 }
      },
      payments: { pendingRevenue: async () => TOKEN, potOf: async () => 0n },
      intents: { ...modules.chain.intents, distributeRevenue: () => ({}) },
    }
    const sender = {
      address: modules.sender.address,
      submit: async (intent: never, options: { idempotenceKey: string; signal: AbortSignal }) => {
        await modules.sender.submit(intent, options)
        if (!options.idempotenceKey.startsWith('distribute:')) return
        await new Promise((_, reject) => {
          options.signal.addEventListener('abort', () => reject(options.signal.reason), { once: true })
        })
      },
    }
    const keeper = createKeeper({ netuids: [1], rules: { ...modules.rules, sync: false }, pollMs: 1_000 }, {
      chain,
      sender,
      clock,
      logger: { info: () => undefined, warn: () => undefined },
      metrics: createKeeperMetrics(createMetrics()),
      errors: createRecentErrors({}, { clock }),
    } as unknown as KeeperModules)
    await keeper.start()
    for (let tick = 0; tick < 5; tick++) await clock.advance(1_000)
    epoch = 6
    for (let tick = 0; tick < 5; tick++) await clock.advance(1_000)
    await keeper.stop()
    t.strictSame(
      sent.map(({ key }) => key),
      ['settle:1:5', 'claim-bounty:1:5', 'distribute:1:3:1:5', 'settle:1:6', 'claim-bounty:1:6'],
    )
  },
)

t.test('what a stranger pays in costs no look at it in every epoch', async (t) => {
  const TINY = 10n ** 9n
  const pending = new Map([
    [1n, TINY],
    [2n, TOKEN / 100n],
    [3n, TOKEN],
  ])
  let paid = [1n, 2n, 3n]
  const asked: bigint[] = []
  let simulated = 0
  const chain = {
    paidIn: async () => ({ keys: paid.map((modelId) => ({ netuid: 1, nodeId: 3n, modelId })), toBlock: 100 }),
    payments: {
      pendingRevenue: async ({ modelId }: { modelId: bigint }) => {
        asked.push(modelId)
        return pending.get(modelId)
      },
      potOf: async () => 0n,
    },
    intents: { distributeRevenue: () => 'distribute' },
    simulate: async () => {
      simulated++
      return [{ gasUsed: 500_000 }]
    },
    rpc: { request: async () => '0x3b9aca00' },
  }
  const run: string[] = []
  const rules = { tokenPriceWei: TOKEN / 50n, maxCostWei: undefined, sync: false, epochsOnly: false }
  const keep = createRevenueKeeper({
    chain,
    rules,
    sender: {},
    run: async ({ key, prepare }: Errand) => {
      if ((await prepare()) !== undefined) run.push(key)
    },
  } as unknown as RevenueModules)
  await keep(1, 5, signal)
  t.strictSame([run, simulated], [['1:3:3:5'], 1], 'what not even a transfer would be worth is not simulated')
  paid = []
  pending.set(3n, 0n)
  await keep(1, 6, signal)
  asked.length = 0
  await keep(1, 7, signal)
  t.strictSame(asked, [2n], 'neither dust nor what was handed out')
  paid = [1n]
  pending.set(1n, TOKEN)
  await keep(1, 8, signal)
  t.strictSame(run, ['1:3:3:5', '1:3:1:8'], 'until more came in')
})

t.test(
  'an errand that fails is told, counted and left alone a while; what others did is none that failed',
  async (t) => {
    const clock = createManualClock()
    const metrics = createMetrics()
    const errors = createRecentErrors({}, { clock })
    const lines: string[] = []
    const done: string[] = []
    let refusal: WitanError | undefined
    let sent = 0
    const sender = {
      submit: async () => {
        sent++
        if (refusal !== undefined) throw refusal
      },
    }
    const run = createErrandRunner({
      sender,
      rules: { maxCostWei: 5n },
      clock,
      logger: { info: () => undefined, warn: (_: object, line: string) => lines.push(line) },
      metrics: createKeeperMetrics(metrics),
      errors,
      onDone: (name: string) => done.push(name),
    } as unknown as ErrandModules)
    const errand = (of: string, name = 'execute') =>
      run({ name, of, key: of, prepare: async () => ({}) } as unknown as Errand, signal)
    await run({ name: 'execute', of: 'a', key: 'a', prepare: async () => undefined }, signal)
    t.equal(sent, 0, 'not worth it')
    refusal = new WitanError('CONTRACT_REVERTED', 'no')
    await errand('a')
    await errand('a')
    t.strictSame([sent, lines.length], [1, 1], 'it rests')
    refusal = undefined
    await errand('b')
    t.strictSame(done, ['execute'], 'another one goes on')
    await clock.advance(2_000)
    for (const [code, name] of [
      ['PROPOSAL_STATE', 'execute'],
      ['NOTHING_DUE', 'distribute'],
      ['LAST_PAY_OUTDATED', 'pay-validators'],
    ] as const) {
      refusal = new WitanError(code, 'late')
      await errand('a', name)
    }
    t.strictSame([sent, lines.length, errors.list().length], [5, 1, 1])
    refusal = new WitanError('NOTHING_DUE', 'what the stakers decided to call')
    await errand('c')
    await errand('c')
    t.strictSame([sent, lines.length], [6, 2], 'a decision whose call fails is told and rests')
    t.match(await metrics.text(), /^witan_keeper_errand_failures_total\{errand="execute"\} 2$/m)
  },
)
