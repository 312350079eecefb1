// What the stakers decide, on the serving path: versions and policies, with a real journal and signer.
import type { AcceptedVersion } from '@witan/chain'
import type { Rules, StockedModel } from '@witan/inference'
import { type BehaviourName, type Hex, type Policy, ZERO_DIGEST } from '@witan/protocol'
import { createManualClock, openDatabase } from '@witan/runtime'
import t from 'tap'
import { createMinerBehaviour } from '../src/behaviour/create-behaviour.js'
import { describeMiner } from '../src/describe.js'
import { openAnswerJournal } from '../src/journal/answer-journal.js'
import { MINER_MIGRATIONS } from '../src/journal/migrations.js'
import { createSigningDesk } from '../src/journal/signing-desk.js'
import { createReceiptSigner } from '../src/receipt-signer.js'
import { boundWaiting } from '../src/serving/bound-waiting.js'
import { createAnswerer } from '../src/serving/create-answerer.js'
import { createOffers } from '../src/serving/offers.js'
import { createWorkQueue } from '../src/serving/work-queue.js'
import { versionOf } from './support/chain.js'
import { answering, manifestOf, modelOf, stockOf } from './support/stock.js'
import { CHANNEL, callOf, consumer, domain, offer, paymentsOf, START_MS, signer, voucherOf } from './support/world.js'

const id = (byte: string): Hex => `0x${byte.repeat(32)}`
const [V1, V2, V3, GATE, P1, P2] = ['01', '02', '03', '0f', 'a1', 'a2'].map(id) as [Hex, Hex, Hex, Hex, Hex, Hex]
const DEADLINE = START_MS + 60_000

const digits = manifestOf('digits', ['application/octet-stream'])
const modelNamed = (version: Hex, text: string): StockedModel => modelOf(version, answering(text), digits)
const probabilities = (four: number) => JSON.stringify({ digit: 4, probabilities: [0, 0, 0, 0, four, 0, 0, 0, 0, 0] })

function rulesOf(change: Partial<Policy> = {}, gate?: StockedModel): Rules {
  const policy: Policy = {
    version: 1,
    tasks: ['digits'],
    input: { maxBytes: 100, mediaTypes: [] },
    output: { maxBytes: 100, mediaTypes: [] },
    refuse: [],
    gate: gate === undefined ? null : { modelVersion: gate.version, label: '4', thresholdPpm: 500_000 },
    notice: null,
    retentionSeconds: 60,
    ...change,
  }
  return { policy, gate }
}

interface Bench {
  readonly behaviour?: BehaviourName<'miner'>
  readonly price?: bigint
  readonly models?: readonly StockedModel[]
  readonly rules?: Readonly<Record<Hex, Rules>>
  /** Resolves when what is on its way has come. */
  readonly settled?: () => Promise<void>
}

/** A miner that serves what `decide` says counts. */
function benchOf({ behaviour: name = 'honest', price = 0n, models, rules, settled }: Bench = {}) {
  const clock = createManualClock(START_MS)
  const database = openDatabase(':memory:', MINER_MIGRATIONS)
  const journal = openAnswerJournal(database)
  journal.begin(START_MS - 1, 'boot', START_MS)
  const payments = paymentsOf(database, clock, { price })
  const held = stockOf(models ?? [modelNamed(V1, 'one'), modelNamed(V2, 'two')], rules)
  const stock = boundWaiting({ ...held, ...(settled && { settled }) })
  const behaviour = createMinerBehaviour(name, { clock })
  let counting: readonly (AcceptedVersion & { policies: readonly Hex[] })[] = []
  let news: readonly AcceptedVersion[] | undefined
  let refreshes = 0
  const follow = (versions: readonly AcceptedVersion[], before: readonly Hex[] = []) => {
    counting = versions.map((version) => ({ ...version, policies: [version.policy, ...before] }))
    offers.follow(counting)
  }
  const registry = {
    versions: () => counting,
    async refresh(signal?: AbortSignal) {
      refreshes++
      signal?.throwIfAborted()
      if (news !== undefined) follow(news)
    },
  }
  const offers = createOffers({ registry, stock, behaviour })
  const desk = createSigningDesk(journal, (beforeSign) => createReceiptSigner({ domain }, { signer, beforeSign }))
  const answer = createAnswerer(
    { operator: signer.address, offer: { ...offer, price }, domain },
    {
      offers,
      stock,
      behaviour,
      queue: createWorkQueue({ concurrency: 1, queue: 8 }, { clock }),
      journal,
      desk,
      payments: payments.book,
      clock,
    },
  )
  let nonce = 0
  const ask = async (modelVersion: Hex, policy = ZERO_DIGEST, { again = false, bytes = 4 } = {}) => {
    const call = callOf(again ? nonce : ++nonce, DEADLINE, {
      request: { modelVersion, policy },
      input: new Uint8Array(bytes),
    })
    return new TextDecoder().decode((await answer(call)).output)
  }
  return {
    ...{ clock, stock, offers, answer, ask, follow, journal, vouchers: payments.journal },
    refreshes: () => refreshes,
    hear: (versions: readonly AcceptedVersion[]) => {
      news = versions
    },
  }
}

const LIVE = versionOf(V2, { modelId: 1n, number: 2, replaced: V1 })
const IN_GRACE = versionOf(V1, { modelId: 1n, number: 1, graceEndsAt: 99 })

t.test('a miner switches with the registry, and keeps the version before while it has grace', async (t) => {
  const { ask, follow, stock, offers } = benchOf()
  follow([versionOf(V1, { modelId: 1n })])
  t.equal(await ask(V1), 'one')
  follow([LIVE, IN_GRACE])
  t.equal(await ask(V2), 'two')
  t.equal(await ask(V1), 'one')
  const load = { inFlight: 0, queued: 0, capacity: 1 }
  const { models } = describeMiner({ offered: offers.list(), price: 3n, software: 'x' }, load)
  t.match(models, [
    { version: V2, pricePerRequest: 3n },
    { version: V1, policy: ZERO_DIGEST },
  ])
  follow([LIVE])
  t.same(stock.wanted(), [V2], 'and lets it go then')
  await t.rejects(ask(V1), { code: 'MODEL_NOT_SERVED', facts: { modelVersion: V1, served: V2 } })
})

t.test('a decision that it has not heard of is looked up before a request is refused', async (t) => {
  const { ask, follow, hear, refreshes } = benchOf({ rules: { [P1]: rulesOf() } })
  follow([versionOf(V1)])
  hear([{ ...LIVE, policy: P1 }])
  t.equal(await ask(V2, P1), 'two')
  t.equal(refreshes(), 1)
  t.equal(await ask(V2, P1), 'two')
  t.equal(refreshes(), 1, 'known from then on')
  await t.rejects(ask(V2, P2), { code: 'REQUEST_MISADDRESSED', facts: { policy: P2, served: P1 } })
})

t.test('a request in progress has its model and its gate until it is answered', async (t) => {
  let held: string[] = []
  const holding = (name: string, model: StockedModel): StockedModel => ({
    ...model,
    async run(input) {
      t.same(held, ['model', 'gate'], `${name} runs`)
      return model.run(input)
    },
    async use(work) {
      held = [...held, name]
      try {
        return await work()
      } finally {
        held = held.filter((other) => other !== name)
      }
    },
  })
  const gate = holding('gate', modelOf(GATE, answering(probabilities(0.1)), digits))
  const model = holding('model', modelNamed(V1, 'one'))
  const { ask, follow } = benchOf({ models: [model], rules: { [P1]: rulesOf({}, gate) } })
  follow([versionOf(V1, { policy: P1 })])
  t.equal(await ask(V1, P1), 'one')
  t.same(held, [])
})

t.test('a version that cannot be had is not offered, and the others are', async (t) => {
  const { ask, follow, stock, offers } = benchOf({ models: [modelNamed(V1, 'one')] })
  follow([LIVE, IN_GRACE])
  t.same(
    offers.list().map(({ version }) => version),
    [V1],
  )
  await t.rejects(ask(V2), { code: 'MODEL_NOT_SERVED', facts: { served: V1 } })
  stock.add(modelNamed(V2, 'two'))
  t.equal(await ask(V2), 'two', 'until it is there')
})

t.test('who stays behind, and who claims what it does not run', async (t) => {
  const stale = benchOf({ behaviour: 'stale' })
  stale.follow([LIVE])
  t.equal(await stale.ask(V1), 'one')
  await t.rejects(stale.ask(V2), { code: 'MODEL_NOT_SERVED' })
  stale.follow([versionOf(V2)])
  t.equal(await stale.ask(V2), 'two', 'where there is no version before, it has the live one')
  const impostor = benchOf({ behaviour: 'impostor' })
  impostor.follow([LIVE, IN_GRACE])
  t.equal(await impostor.ask(V2), 'one')
  t.equal(await impostor.ask(V1), 'one')
})

t.test('rules are applied before any work and any payment', async (t) => {
  let runs = 0
  const counted = modelOf(
    V1,
    async () => {
      runs++
      return { output: new TextEncoder().encode('one'), units: 1 }
    },
    digits,
  )
  const rules = {
    [P1]: rulesOf({ input: { maxBytes: 10, mediaTypes: [] } }),
    [P2]: rulesOf({ tasks: ['recognize-text'] }),
  }
  const bench = benchOf({ price: 10n, models: [counted], rules })
  bench.follow([versionOf(V1, { policy: P1 })], [P2])
  const paying = (nonce: number, bytes: number, policy: Hex) =>
    bench.answer(
      callOf(nonce, DEADLINE, {
        operator: consumer.address,
        request: { modelVersion: V1, policy, maxPrice: 10n, voucher: voucherOf(10n) },
        input: new Uint8Array(bytes),
      }),
    )
  await t.rejects(paying(1, 11, P1), { code: 'POLICY_REFUSED', facts: { rule: 'input.maxBytes', value: 11 } })
  await t.rejects(paying(2, 1, P2), { code: 'POLICY_REFUSED', facts: { rule: 'tasks', value: 'digits' } }, 'in grace')
  t.equal(runs, 0)
  t.equal(bench.vouchers.find(CHANNEL), undefined, 'nothing was charged')
  const { closing } = await paying(3, 10, P1)
  t.match(closing.receipt.receipt, { policy: P1, price: 10n })
})

t.test('the gate looks at the input before the model does, and a refused request is not paid', async (t) => {
  let share = 0.5
  const gate = modelOf(GATE, async () => ({ output: new TextEncoder().encode(probabilities(share)), units: 1 }), digits)
  const bench = benchOf({ rules: { [P1]: rulesOf({}, gate) } })
  bench.follow([versionOf(V1, { policy: P1 })])
  await t.rejects(bench.ask(V1, P1), {
    code: 'POLICY_REFUSED',
    facts: { rule: 'gate', value: '4 at 500000 of 1000000' },
  })
  share = 0.499999
  t.equal(await bench.ask(V1, P1), 'one')
  const breaker = benchOf({ behaviour: 'policy-breaker', rules: { [P1]: rulesOf({ tasks: ['none'] }, gate) } })
  breaker.follow([versionOf(V1, { policy: P1 })])
  t.equal(await breaker.ask(V1, P1), 'one', 'who breaks the policy signs an answer under it')
})

t.test('an output that the policy holds back leaves no receipt', async (t) => {
  const rules = { [P1]: rulesOf({ output: { maxBytes: 2, mediaTypes: [] } }) }
  const bench = benchOf({ rules })
  bench.follow([versionOf(V1, { policy: P1 })])
  await t.rejects(bench.ask(V1, P1), { code: 'POLICY_REFUSED', facts: { rule: 'output.maxBytes', value: 3 } })
  await t.rejects(bench.ask(V1, P1, { again: true }), { code: 'POLICY_REFUSED' }, 'and is refused again')
})

t.test('a miner without the document refuses until it has it', async (t) => {
  const { ask, follow, stock } = benchOf()
  follow([versionOf(V1, { policy: P1 })])
  await t.rejects(ask(V1, P1), { code: 'POLICY_UNKNOWN', facts: { policy: P1 } })
  stock.learn(P1, rulesOf())
  t.equal(await ask(V1, P1), 'one')
})

t.test('few requests wait for what is on its way, and the others are served meanwhile', async (t) => {
  const come = Promise.withResolvers<void>()
  const models = [modelNamed(V1, 'one'), modelNamed(V3, 'three')]
  const bench = benchOf({ models, settled: () => come.promise })
  bench.follow([LIVE, IN_GRACE])
  const asked = Array.from({ length: 70 }, () => bench.ask(V2).catch((error) => error.code))
  const refused = await Promise.race([Promise.all(asked.slice(64)), bench.clock.advance(0).then(() => 'they wait')])
  t.same(refused, Array(6).fill('BUSY'))
  t.equal(await bench.ask(V1), 'one')
  await t.rejects(bench.ask(GATE), { code: 'MODEL_NOT_SERVED' }, 'nobody waits for what does not count')
  bench.hear([LIVE, IN_GRACE, versionOf(V3)])
  t.equal(await bench.ask(V3), 'three', 'what the registry tells of and is there')
  come.resolve()
  t.same(await Promise.all(asked.slice(0, 64)), Array(64).fill('MODEL_NOT_SERVED'))
})

t.test('a request that nobody waits for any more ends alone', async (t) => {
  const bench = benchOf({ settled: () => Promise.reject(new Error('on its way')) })
  bench.follow([versionOf(V3)])
  const call = callOf(1, DEADLINE, { request: { modelVersion: V3 }, input: new Uint8Array(1) })
  const gone = new Error('gone')
  await t.rejects(bench.answer({ ...call, signal: AbortSignal.abort(gone) }), gone)
  await new Promise((resolve) => setTimeout(resolve, 10))
})

t.test('how long outputs are kept', async (t) => {
  const rules = { [P1]: rulesOf({ retentionSeconds: 0 }), [P2]: rulesOf({ retentionSeconds: 5 }) }
  const { ask, follow, clock, journal } = benchOf({ rules })
  follow([versionOf(V1, { policy: P1 })], [P2])
  t.equal(await ask(V1, P1), 'one')
  await t.rejects(ask(V1, P1, { again: true }), { code: 'ANSWER_NOT_KEPT' })
  t.equal(await ask(V1, P2), 'one')
  t.equal(await ask(V1, P2, { again: true }), 'one')
  t.equal(journal.forgetOutputs(clock.nowMs() + 4_999), 0)
  await clock.advance(5_000)
  await t.rejects(ask(V1, P2, { again: true }), { code: 'ANSWER_NOT_KEPT' }, 'not even before it is removed')
  t.equal(journal.forgetOutputs(clock.nowMs()), 1)
  t.equal(journal.forgetOutputs(clock.nowMs()), 0)
})
