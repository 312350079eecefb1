import type { VerifiedModel } from '@witan/inference'
import {
  BEHAVIOURS,
  type BehaviourName,
  parseBehaviour,
  type SignedVoucher,
  WitanError,
  ZERO_DIGEST,
} from '@witan/protocol'
import {
  createLogger,
  createManualClock,
  createMetrics,
  createService,
  loadConfiguration,
  openDatabase,
  type Service,
} from '@witan/runtime'
import t from 'tap'
import {
  createMiner,
  createMinerBehaviour,
  MINER_MIGRATIONS,
  type MinerNetwork,
  minerConfigSchema,
  settleWhenWorthIt,
} from '../src/index.js'
import { chainOf, neuronOf, type TestChain } from './support/chain.js'
import { modelOf, stockOf } from './support/stock.js'
import {
  CONSUMER,
  callOf,
  channelDomain,
  channelOf,
  consumer,
  domain,
  MODEL,
  MODEL_ID,
  START_MS,
  signer,
  voucherOf,
} from './support/world.js'

const DEADLINE = START_MS + 5_000
type Serving = Parameters<MinerNetwork['serveInfer']>[0]

/** A miner between a network and a chain of the test. */
function minerOf(
  options: {
    behaviour?: BehaviourName<'miner'>
    chain?: TestChain
    run?: () => Promise<string>
    price?: bigint
    modelId?: bigint
    failure?: Error
  } = {},
) {
  const clock = createManualClock(START_MS)
  const metrics = createMetrics()
  const chain = options.chain ?? chainOf([neuronOf(0, 5n), neuronOf(4, 0n, START_MS / 1000, signer.address)])
  const events: string[] = []
  const service = (name: string): Service =>
    createService({ start: () => void events.push(`+${name}`), stop: () => void events.push(`-${name}`) })
  let serving: Serving | undefined
  let describe: Parameters<MinerNetwork['serveDescribe']>[0] | undefined
  let runs = 0
  let paid = 0n
  const settled: SignedVoucher[] = []
  const model = modelOf(MODEL, async () => {
    runs++
    return { output: new TextEncoder().encode((await options.run?.()) ?? `answer ${runs}`), units: 1 }
  })
  const stock = { ...stockOf([model]), failure: () => options.failure }
  const miner = createMiner(
    {
      netuid: 1,
      peerId: 'peer',
      domain,
      modelId: options.modelId ?? 0n,
      modelVersion: MODEL,
      maxInputBytes: 1024,
      admit: [CONSUMER],
      admissionRefreshMs: 1_000,
      concurrency: 2,
      queue: 4,
      price: options.price ?? 0n,
      paidModelId: MODEL_ID,
      settleMs: 1_000,
      bootId: 'boot',
      software: 'witan/test',
    },
    {
      chain,
      payments: {
        domain: channelDomain,
        channel: async () => channelOf({ paid }),
        gasPrice: async () => 1n,
        async settle(batch) {
          paid = batch[0]!.voucher.cumulative
          settled.push(...batch)
        },
      },
      settlePolicy: settleWhenWorthIt({ tokenPriceWei: undefined, times: 1 }),
      network: {
        serveInfer(given) {
          serving = given
          return service('infer')
        },
        serveDescribe(given) {
          describe = given
          return service('describe')
        },
      },
      stock,
      behaviour: createMinerBehaviour(options.behaviour ?? 'honest', { clock }),
      signer,
      record: service('record'),
      database: openDatabase(':memory:', MINER_MIGRATIONS),
      clock,
      logger: createLogger({ name: 'test', level: 'silent' }),
      metrics,
    },
  )
  const ask = async (nonce: number) => {
    const { output } = await serving!.handler(callOf(nonce, clock.nowMs() + 5_000))
    return new TextDecoder().decode(output)
  }
  return {
    miner,
    clock,
    chain,
    stock,
    metrics,
    events,
    ask,
    settled,
    serving: () => serving!,
    describe: () => describe!(),
  }
}

t.test('starts, serves and stops', async (t) => {
  const { miner, clock, events, ask, serving, describe, metrics } = minerOf()
  t.equal(clock.pending(), 0, 'building starts nothing')
  t.equal(miner.status().uid, undefined)
  t.notOk(miner.ready().ok)
  await miner.start()
  t.same(events, ['+infer', '+describe', '+record'])
  t.ok(miner.ready().ok)
  t.ok(miner.live().ok)
  t.ok(serving().admit(CONSUMER))
  t.notOk(serving().admit(signer.address))
  t.equal(await ask(1), 'answer 1')
  await t.rejects(serving().handler(callOf(2, START_MS - 1)), { code: 'REQUEST_DEADLINE_INVALID' })
  t.same(miner.status(), {
    role: 'miner',
    uid: 4,
    operator: signer.address,
    peerId: 'peer',
    behaviour: 'honest',
    requests: 2,
    failures: 1,
    inFlight: 0,
    receiptsSigned: 1,
    models: [{ name: 'model', version: MODEL, policy: ZERO_DIGEST }],
    recentErrors: [],
  })
  const offered = describe()
  t.match(offered.models, [
    { version: MODEL, name: 'model', engine: 'test 1', policy: ZERO_DIGEST, pricePerRequest: 0n },
  ])
  t.same(offered.load, { inFlight: 0, queued: 0, capacity: 2 })
  t.equal(offered.software, 'witan/test')
  const text = await metrics.text()
  t.match(text, 'witan_miner_requests_total{result="ok"} 1')
  t.match(text, 'witan_miner_requests_total{result="REQUEST_DEADLINE_INVALID"} 1')

  await miner.stop()
  t.same(events.slice(3), ['-record', '-describe', '-infer'])
  t.equal(clock.pending(), 0)
  t.notOk(miner.ready().ok)
  await miner.start()
  t.equal(await ask(3), 'answer 2', 'and starts again')
  await miner.stop()
})

t.test('refuses to serve for nothing', async (t) => {
  await t.rejects(minerOf({ chain: chainOf([neuronOf(0, 5n)]) }).miner.start(), {
    code: 'UNREGISTERED_OPERATOR',
    exitCode: 77,
  })
  const { miner, chain, events } = minerOf()
  chain.set([neuronOf(4, 0n, START_MS / 1000, signer.address)], [`0x${'b2'.repeat(32)}`])
  await t.rejects(miner.start(), { code: 'MODEL_NOT_REGISTERED', exitCode: 78 })
  t.same(events, [])
  chain.set([neuronOf(4, 0n, START_MS / 1000, signer.address)], [MODEL])
  await miner.start()
  await miner.stop()
})

t.test('registered long ago and without a journal, it takes no request that it may have answered', async (t) => {
  const { miner, ask } = minerOf({ chain: chainOf([neuronOf(0, 5n), neuronOf(4, 0n, 10, signer.address)]) })
  await miner.start()
  await t.rejects(ask(1), { code: 'REQUEST_TOO_OLD' })
  await miner.stop()
})

t.test('a version that an operator chose and that does not run ends the start; a follower goes on', async (t) => {
  const failure = new WitanError('ENGINE_PROVIDER_MISSING', 'No such card')
  const fixed = minerOf({ failure })
  await t.rejects(fixed.miner.start(), failure)
  t.equal(fixed.clock.pending(), 0, 'nothing is left behind')
  t.same(fixed.events, [])
  const following = minerOf({ failure, modelId: 1n })
  await following.miner.start()
  following.miner.noteMissing('model', MODEL, failure)
  t.match(following.miner.status().recentErrors, [{ code: 'ENGINE_PROVIDER_MISSING' }])
  t.match(await following.metrics.text(), 'witan_miner_background_failures_total{task="model"} 1')
  await following.miner.stop()
})

t.test('draining finishes what is in progress and takes no more', async (t) => {
  const gate = Promise.withResolvers<string>()
  const { miner, ask } = minerOf({ run: () => gate.promise })
  await miner.start()
  const inProgress = ask(1)
  const drained = miner.drain()
  await t.rejects(ask(2), { code: 'HOST_STOPPING' })
  t.notOk(miner.ready().ok)
  t.equal(miner.status().inFlight, 1)
  gate.resolve('finished')
  t.equal(await inProgress, 'finished')
  await drained
  await miner.stop()
})

t.test('a bug in the model is kept for the status, a bad request is not', async (t) => {
  const { miner, ask } = minerOf({ run: () => Promise.reject(new Error('the model broke')) })
  await miner.start()
  await t.rejects(ask(1), /the model broke/)
  await t.rejects(ask(1), /the model broke/)
  t.same(miner.status().recentErrors, [{ code: 'INTERNAL', at: START_MS, message: 'the model broke', count: 2 }])
  t.equal(miner.status().failures, 2)
  await miner.stop()
})

t.test('old answers are forgotten while it runs', async (t) => {
  const { miner, clock, ask, serving, metrics } = minerOf()
  await miner.start()
  await ask(1)
  await clock.advance(61_000)
  t.match(await metrics.text(), 'witan_miner_journal_pruned_total 1')
  await t.rejects(serving().handler(callOf(1, DEADLINE)), { code: 'REQUEST_DEADLINE_INVALID' })
  await miner.stop()
})

t.test('slow answers late', async (t) => {
  const { miner, clock, ask } = minerOf({ behaviour: 'slow' })
  await miner.start()
  let answered = false
  const asked = ask(1).then(() => {
    answered = true
  })
  await clock.advance(899)
  t.notOk(answered)
  await clock.advance(1)
  await asked
  await miner.stop()
})

t.test('cached answers everything from its first answer', async (t) => {
  const answers = [Promise.reject(new Error('not yet')), Promise.resolve('first'), Promise.resolve('second')]
  const { miner, ask } = minerOf({ behaviour: 'cached', run: () => answers.shift()! })
  await miner.start()
  await t.rejects(ask(1), /not yet/, 'a failure is not cached')
  t.equal(await ask(2), 'first')
  t.equal(await ask(3), 'first')
  await miner.stop()
})

t.test('wrong-model loads other weights under the registered version', async (t) => {
  const behaviour = createMinerBehaviour('wrong-model', { clock: createManualClock() })
  const files = new Map([['characters.txt', new TextEncoder().encode('abc')]])
  const registered = { version: MODEL, files, altered: false } as unknown as VerifiedModel
  const loaded = behaviour.modelToLoad(registered)
  t.equal(loaded.version, MODEL)
  t.ok(loaded.altered)
  t.equal(loaded.files.get('characters.txt'), files.get('characters.txt'), 'only weights change')
  t.equal(createMinerBehaviour('honest', { clock: createManualClock() }).modelToLoad(registered), registered)
})

t.test('behaviours by name, role and chain', async (t) => {
  t.equal(parseBehaviour('honest', 'miner', 1), 'honest')
  for (const name of ['slow', 'wrong-model', 'cached', 'stale', 'impostor', 'policy-breaker']) {
    t.equal(parseBehaviour(name, 'miner', 31_337), name)
    t.throws(() => parseBehaviour(name, 'miner', 1), { code: 'BEHAVIOUR_LOCAL_ONLY', exitCode: 78 })
  }
  t.throws(() => parseBehaviour('copier', 'miner', 31_337), {
    code: 'BEHAVIOUR_UNKNOWN',
    exitCode: 78,
    facts: { known: BEHAVIOURS.miner.join(' | ') },
  })
})

t.test('the example configuration is the defaults, written out', async (t) => {
  const file = new URL('../../../../configs/miner.yaml', import.meta.url).pathname
  const { values } = loadConfiguration({ schema: minerConfigSchema, file, env: {} })
  const { network, operator, dataDir } = values
  t.same(minerConfigSchema.parse({ network, operator, dataDir }), values)
})

t.test('a miner with a price answers whoever pays, and settles the vouchers', async (t) => {
  const { miner, clock, serving, settled, describe } = minerOf({ price: 10n })
  await miner.start()
  t.ok(serving().admit(consumer.address), 'a stranger may ask')
  t.equal(describe().models[0]!.pricePerRequest, 10n)
  const call = (nonce: number, cumulative: bigint) =>
    callOf(nonce, clock.nowMs() + 5_000, {
      operator: consumer.address,
      request: { maxPrice: 10n, voucher: voucherOf(cumulative) },
    })
  await serving().handler(call(1, 10n))
  await serving().handler(call(2, 20n))
  t.same(settled, [])
  await clock.advance(1_000)
  t.same(settled, [voucherOf(20n)], 'the best of its channel')
  await clock.advance(1_000)
  t.equal(settled.length, 1, 'once')
  await miner.stop()
})
