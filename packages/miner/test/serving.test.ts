import { keccak256Hex, requestIdOf, verifyReceipt, WitanError, ZERO_DIGEST } from '@witan/protocol'
import { createManualClock, openDatabase } from '@witan/runtime'
import t from 'tap'
import { createMinerBehaviour } from '../src/behaviour/create-behaviour.js'
import { openAnswerJournal } from '../src/journal/answer-journal.js'
import { MINER_MIGRATIONS } from '../src/journal/migrations.js'
import { createSigningDesk } from '../src/journal/signing-desk.js'
import { createReceiptSigner } from '../src/receipt-signer.js'
import { checkRequest } from '../src/serving/check-request.js'
import { createAnswerer } from '../src/serving/create-answerer.js'
import type { InferCall } from '../src/serving/infer-call.js'
import { createOffers } from '../src/serving/offers.js'
import { createWorkQueue } from '../src/serving/work-queue.js'
import { versionOf } from './support/chain.js'
import { modelOf, stockOf } from './support/stock.js'
import {
  type CallOverrides,
  CHANNEL,
  CONSUMER,
  callOf,
  consumer,
  domain,
  MODEL,
  offer,
  paymentsOf,
  START_MS,
  signer,
  voucherOf,
} from './support/world.js'

const DEADLINE = START_MS + 5_000

interface Bench {
  readonly concurrency?: number
  readonly queue?: number
  readonly price?: bigint
  run?(input: Uint8Array, signal?: AbortSignal): Promise<{ output: Uint8Array; units: number }>
}

/** The serving path with a real journal and signer; only the model is an object of the test. */
function benchOf({ concurrency = 1, queue = 8, price = 0n, run }: Bench = {}) {
  const clock = createManualClock(START_MS)
  const database = openDatabase(':memory:', MINER_MIGRATIONS)
  const journal = openAnswerJournal(database)
  const payments = paymentsOf(database, clock, { price })
  journal.begin(START_MS - 1, 'boot', START_MS)
  let runs = 0
  const model = modelOf(MODEL, (input, signal) => {
    runs++
    return run?.(input, signal) ?? Promise.resolve({ output: new TextEncoder().encode(`answer ${runs}`), units: 1 })
  })
  const stock = stockOf([model])
  const registry = {
    versions: () => [{ ...versionOf(MODEL), policies: [ZERO_DIGEST] }],
    refresh: async () => undefined,
  }
  const behaviour = createMinerBehaviour('honest', { clock })
  const offers = createOffers({ registry, stock, behaviour })
  offers.follow(registry.versions())
  const desk = createSigningDesk(journal, (beforeSign) => createReceiptSigner({ domain }, { signer, beforeSign }))
  const answer = createAnswerer(
    { operator: signer.address, offer: { ...offer, price }, domain },
    {
      offers,
      stock,
      behaviour,
      queue: createWorkQueue({ concurrency, queue }, { clock }),
      journal,
      desk,
      payments: payments.book,
      clock,
    },
  )
  return { answer, clock, journal, vouchers: payments.journal, runs: () => runs }
}

/** A run that ends when the test says so. */
function heldRun() {
  const held: PromiseWithResolvers<void>[] = []
  return {
    release: () => held.shift()?.resolve(),
    async run(_: Uint8Array, signal?: AbortSignal) {
      const gate = Promise.withResolvers<void>()
      held.push(gate)
      signal?.addEventListener('abort', () => {
        held.splice(held.indexOf(gate), 1)
        gate.reject(signal.reason)
      })
      await gate.promise
      return { output: new TextEncoder().encode('late answer'), units: 1 }
    },
  }
}

const turn = () => new Promise(setImmediate)

const idOf = (call: InferCall, miner = signer.address) =>
  requestIdOf(domain, { consumer: call.operator, miner }, call.request, call.input)

t.test('what a request must be', async (t) => {
  const refused: readonly (readonly [name: string, code: string, overrides: CallOverrides, deadline?: number])[] = [
    ['another subnet', 'REQUEST_MISADDRESSED', { request: { netuid: 2 } }],
    ['a deadline that is now', 'REQUEST_DEADLINE_INVALID', {}, START_MS],
    ['a deadline too far ahead', 'REQUEST_DEADLINE_INVALID', {}, START_MS + 600_001],
    ['sampling', 'REQUEST_SAMPLING_UNSUPPORTED', { request: { sampling: new Uint8Array(1) } }],
    ['a large input', 'INPUT_TOO_LARGE', { input: new Uint8Array(1025) }],
  ]
  for (const [name, code, overrides, deadline = DEADLINE] of refused) {
    t.throws(() => checkRequest(callOf(1, deadline, overrides), offer, START_MS), { code }, name)
  }
  const priced = { ...offer, price: 5n }
  t.throws(() => checkRequest(callOf(1, DEADLINE), priced, START_MS), { code: 'REQUEST_PRICE_TOO_LOW' })
  checkRequest(callOf(1, DEADLINE, { request: { maxPrice: 5n }, input: new Uint8Array(1024) }), priced, START_MS)
  checkRequest(callOf(1, START_MS + 600_000), offer, START_MS)
})

t.test('what is asked must be served', async (t) => {
  const { answer, runs } = benchOf()
  const other = { request: { modelVersion: `0x${'b2'.repeat(32)}` } } as const
  await t.rejects(answer(callOf(1, DEADLINE, other)), { code: 'MODEL_NOT_SERVED', facts: { served: MODEL } })
  const policy = { request: { policy: MODEL } }
  await t.rejects(answer(callOf(1, DEADLINE, policy)), { code: 'REQUEST_MISADDRESSED', facts: { served: ZERO_DIGEST } })
  t.equal(runs(), 0)
})

t.test('an answer comes with a receipt that binds both', async (t) => {
  const { answer, clock } = benchOf({
    async run() {
      await clock.advance(40)
      return { output: new TextEncoder().encode('a text'), units: 1 }
    },
  })
  const call = callOf(1, DEADLINE)
  const { output, closing } = await answer(call)
  const { receipt } = closing.receipt
  t.equal(verifyReceipt(closing.receipt, domain), signer.address)
  t.equal(receipt.requestDigest, idOf(call))
  t.equal(receipt.responseDigest, keccak256Hex(output))
  t.equal(receipt.modelVersion, MODEL)
  t.same([receipt.units, receipt.price, receipt.startedAt, receipt.finishedAt], [1, 0n, START_MS, START_MS + 40])
  t.same(closing.timing, { queueMs: 0, firstMs: 40, totalMs: 40 })
})

t.test('the request id names everything in the request and who asked', async (t) => {
  const ids = new Set([
    idOf(callOf(1, DEADLINE)),
    idOf(callOf(2, DEADLINE)),
    idOf(callOf(1, DEADLINE + 1)),
    idOf(callOf(1, DEADLINE, { input: new Uint8Array(1) })),
    idOf(callOf(1, DEADLINE, { operator: signer.address })),
    idOf(callOf(1, DEADLINE), CONSUMER),
  ])
  t.equal(ids.size, 6)
})

t.test('asked again', async (t) => {
  const { answer, runs } = benchOf()
  const first = await answer(callOf(1, DEADLINE))
  const second = await answer(callOf(1, DEADLINE))
  t.equal(runs(), 1)
  t.same(Buffer.from(second.output), Buffer.from(first.output))
  t.same(second.closing.receipt.receipt, first.closing.receipt.receipt)
})

t.test('an output too large to keep is not answered again', async (t) => {
  const { answer } = benchOf({ run: async () => ({ output: new Uint8Array(17 * 1024), units: 1 }) })
  t.equal((await answer(callOf(1, DEADLINE))).output.length, 17 * 1024)
  await t.rejects(answer(callOf(1, DEADLINE)), { code: 'ANSWER_NOT_KEPT' })
})

t.test('asked again while it is being answered', async (t) => {
  const { run, release } = heldRun()
  const { answer } = benchOf({ run })
  const first = answer(callOf(1, DEADLINE))
  await t.rejects(answer(callOf(1, DEADLINE)), { code: 'REQUEST_IN_PROGRESS' })
  release()
  await first
  t.ok(await answer(callOf(1, DEADLINE)))
})

t.test('a full queue says when to come back', async (t) => {
  const { run, release } = heldRun()
  const { answer } = benchOf({ run, concurrency: 1, queue: 1 })
  const running = answer(callOf(1, DEADLINE))
  const waiting = answer(callOf(2, DEADLINE))
  await t.rejects(answer(callOf(3, DEADLINE)), { code: 'BUSY', facts: { concurrency: 1, queue: 1, retryAfterMs: 100 } })
  release()
  await running
  release()
  await waiting
})

t.test('cancelling stops the work and leaves no receipt', async (t) => {
  const { run, release } = heldRun()
  const { answer, journal } = benchOf({ run })
  const cancelled = new AbortController()
  const call = callOf(1, DEADLINE, { signal: cancelled.signal })
  const reason = new Error('nobody wants it')
  const running = answer(call)
  await turn()
  cancelled.abort(reason)
  await t.rejects(running, reason)
  t.equal(journal.find(idOf(call), START_MS), undefined)
  const again = answer(callOf(1, DEADLINE))
  await turn()
  release()
  t.ok(await again, 'the same request may be asked again')
})

t.test('a run that ends after the cancellation is not signed', async (t) => {
  const cancelled = new AbortController()
  const { answer, journal } = benchOf({
    async run() {
      cancelled.abort(new Error('too late'))
      return { output: new Uint8Array(1), units: 1 }
    },
  })
  const call = callOf(1, DEADLINE, { signal: cancelled.signal })
  await t.rejects(answer(call), /too late/)
  t.equal(journal.find(idOf(call), START_MS), undefined)
})

t.test('a model that fails leaves no receipt', async (t) => {
  let broken = true
  const { answer } = benchOf({
    async run() {
      if (broken) throw new Error('the model broke')
      return { output: new Uint8Array(1), units: 1 }
    },
  })
  await t.rejects(answer(callOf(1, DEADLINE)), /the model broke/)
  broken = false
  t.ok(await answer(callOf(1, DEADLINE)))
})

t.test('deadlines before the journal began are refused', async (t) => {
  const { answer, journal } = benchOf()
  journal.prune(DEADLINE)
  await t.rejects(answer(callOf(1, DEADLINE)), { code: 'REQUEST_TOO_OLD' })
  t.ok(await answer(callOf(1, DEADLINE + 1)))
})

t.test('who pays is charged once, for what was delivered', async (t) => {
  let fails = true
  const bench = benchOf({
    price: 10n,
    run: async () => {
      if (fails) throw new WitanError('BUSY', 'for the test')
      return { output: new TextEncoder().encode('answer'), units: 1 }
    },
  })
  const ask = (nonce: number, cumulative?: bigint) =>
    bench.answer(
      callOf(nonce, DEADLINE, {
        operator: consumer.address,
        request: { maxPrice: 10n, ...(cumulative !== undefined && { voucher: voucherOf(cumulative) }) },
      }),
    )
  await t.rejects(ask(1), { code: 'PAYMENT_REQUIRED', facts: { price: 10n } })
  await t.rejects(ask(1, 9n), { code: 'VOUCHER_INVALID' })
  t.equal(bench.runs(), 0, 'no work before a voucher')
  await t.rejects(ask(1, 10n), { code: 'BUSY' })
  t.match(bench.vouchers.find(CHANNEL), { voucher: { cumulative: 10n }, owed: 0n }, 'journaled, and nothing owed')
  fails = false
  const { closing } = await ask(2, 10n)
  t.match(closing.receipt.receipt, { price: 10n, channel: CHANNEL })
  t.match(bench.vouchers.find(CHANNEL), { owed: 10n, settled: 0n })
  await ask(2)
  t.equal(bench.runs(), 2, 'the answer is repeated without another payment')
  await t.rejects(ask(3, 19n), { code: 'VOUCHER_INVALID', facts: { field: 'cumulative', expected: 'at least 20' } })
  await ask(3, 20n)
  await t.rejects(ask(4, 101n), { code: 'VOUCHER_INVALID', facts: { expected: 'at most 100' } })
  const free = await bench.answer(callOf(5, DEADLINE))
  t.match(free.closing.receipt.receipt, { price: 0n, channel: ZERO_DIGEST }, 'a validator pays nothing')
})
