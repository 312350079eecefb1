import { copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import {
  findFaults,
  type Hex,
  INFER_PROTOCOL,
  isWitanError,
  type Receipt,
  requestIdentityOf,
  type SignedReceipt,
  ZERO_DIGEST,
} from '@witan/protocol'
import { createManualClock, createSeededRandom, type Database, type DrawingRandom, openDatabase } from '@witan/runtime'
import t from 'tap'
import { equivocate } from '../src/behaviour/equivocate.js'
import type { MinerBehaviour } from '../src/behaviour/miner-behaviour.js'
import { openAnswerJournal } from '../src/journal/answer-journal.js'
import { MINER_MIGRATIONS } from '../src/journal/migrations.js'
import { printReceipt } from '../src/journal/receipt-text.js'
import { createSigningDesk } from '../src/journal/signing-desk.js'
import { createReceiptSigner } from '../src/receipt-signer.js'
import { createAnswerer } from '../src/serving/create-answerer.js'
import type { InferCall } from '../src/serving/infer-call.js'
import { createWorkQueue } from '../src/serving/work-queue.js'
import { modelOf, stockOf } from './support/stock.js'
import { CONSUMER, callOf, domain, MODEL, offer, paymentsOf, START_MS, signer } from './support/world.js'

const WAIT_MS = INFER_PROTOCOL.maxDeadlineMs
const id = (byte: string): Hex => `0x${byte.repeat(32)}`

function receiptOf(requestDigest: Hex, units = 1): Receipt {
  return {
    requestDigest,
    responseDigest: ZERO_DIGEST,
    evidenceDigest: ZERO_DIGEST,
    modelVersion: MODEL,
    policy: ZERO_DIGEST,
    units,
    price: 2n ** 100n,
    channel: ZERO_DIGEST,
    startedAt: START_MS,
    finishedAt: START_MS + 5,
  }
}

const memory = () => openDatabase(':memory:', MINER_MIGRATIONS)
const answerOf = (requestId: Hex, units = 1) => ({
  requestId,
  deadlineMs: START_MS + 5_000,
  receipt: receiptOf(requestId, units),
  output: new Uint8Array([1, 2]),
})

t.test('an answer comes back as it was recorded', async (t) => {
  const journal = openAnswerJournal(memory())
  journal.begin(START_MS, 'boot', START_MS)
  const answer = answerOf(id('01'))
  journal.record([answer])
  t.same(journal.find(answer.requestId, START_MS), { ...answer, output: Buffer.from([1, 2]) })
  t.equal(journal.find(id('02'), START_MS), undefined)
  journal.record([answer])
  t.throws(() => journal.record([answerOf(id('02')), answerOf(id('01'), 2)]), /already has another receipt/)
  t.equal(journal.find(id('02'), START_MS), undefined, 'a batch is written whole or not at all')
})

t.test('what the journal vouches for', async (t) => {
  const database = memory()
  const journal = openAnswerJournal(database)
  t.notOk(journal.vouchesFor(START_MS), 'nothing before the first start')
  t.equal(journal.begin(START_MS, 'one', START_MS), START_MS)
  t.notOk(journal.vouchesFor(START_MS), 'deadlines before the first start')
  t.ok(journal.vouchesFor(START_MS + 1))

  t.equal(journal.begin(START_MS + 10, 'one', START_MS), START_MS, 'killed: the machine kept what was written')
  journal.end()
  t.equal(journal.begin(START_MS + 20, 'two', START_MS), START_MS, 'rebooted after a clean stop')
  const floor = START_MS + 30 + WAIT_MS
  t.equal(journal.begin(START_MS + 30, 'three', START_MS), floor, 'rebooted after an unclean end: writes may be lost')
  t.equal(journal.begin(START_MS + 40, 'three', START_MS), floor, 'a restart does not shorten the wait')
})

t.test('a journal that was lost is missed', async (t) => {
  const floorOf = (registeredMs: number) => openAnswerJournal(memory()).begin(START_MS, 'boot', registeredMs)
  t.equal(floorOf(START_MS - WAIT_MS), START_MS, 'registered a moment ago')
  t.equal(floorOf(START_MS + WAIT_MS), START_MS, 'on a chain that is ahead')
  t.equal(floorOf(START_MS - WAIT_MS - 1), START_MS + WAIT_MS, 'what another journal knew is waited out')
  const database = memory()
  openAnswerJournal(database).begin(START_MS, 'boot', START_MS)
  const again = openAnswerJournal(database).begin(START_MS + 9 * WAIT_MS, 'boot', START_MS)
  t.equal(again, START_MS, 'one that is there is believed')
})

t.test('pruning forgets only what is refused from then on', async (t) => {
  const journal = openAnswerJournal(memory())
  journal.begin(START_MS, 'boot', START_MS)
  journal.record([answerOf(id('01'))])
  t.equal(journal.prune(START_MS + 4_999), 0)
  t.equal(journal.prune(START_MS + 5_000), 1)
  t.equal(journal.find(id('01'), START_MS), undefined)
  t.notOk(journal.vouchesFor(START_MS + 5_000))
  t.equal(journal.prune(START_MS), 0, 'a clock that steps back')
  t.notOk(journal.vouchesFor(START_MS + 5_000))
})

const HONEST: Pick<MinerBehaviour, 'answer' | 'journal'> = { answer: (run) => run(), journal: (kept) => kept }

/** A miner on a disk, with the power to kill it, to cut its power and to remember everything it ever signed. */
class Machine {
  readonly #path: string
  readonly #random: DrawingRandom
  readonly #behaviour: Pick<MinerBehaviour, 'answer' | 'journal'>
  readonly signed = new Map<Hex, string>()
  /** Everything that left the machine, repetitions too. */
  readonly receipts: SignedReceipt[] = []
  clock = createManualClock(START_MS)
  #boot = 0
  #database: Database | undefined
  #answer: ((call: InferCall) => Promise<unknown>) | undefined
  /** Where the next run is killed, if at all. */
  killAt: 'run' | 'journal' | 'sign' | undefined

  constructor(folder: string, random: DrawingRandom, behaviour: Pick<MinerBehaviour, 'answer' | 'journal'> = HONEST) {
    this.#behaviour = behaviour
    this.#path = join(folder, 'journal.sqlite')
    this.#random = random
  }

  start(): void {
    const database = openDatabase(this.#path, MINER_MIGRATIONS)
    const journal = this.#behaviour.journal(openAnswerJournal(database))
    journal.begin(this.clock.nowMs(), `boot ${this.#boot}`, START_MS)
    // What a power loss leaves at worst: the state of the last flush.
    copyFileSync(this.#path, `${this.#path}.flushed`)
    const desk = createSigningDesk(journal, (record) => {
      const beforeSign = (receipts: readonly Receipt[]) => {
        if (this.killAt === 'journal') throw new Error('killed')
        record(receipts)
        if (this.killAt === 'sign') throw new Error('killed')
      }
      const receiptSigner = createReceiptSigner({ domain }, { signer, beforeSign })
      return {
        sign: async (receipt) => {
          const signed = await receiptSigner.sign(receipt)
          this.receipts.push(signed)
          if (this.#behaviour === HONEST) this.#remember(receipt)
          return signed
        },
      }
    })
    const run = async () => {
      if (this.killAt === 'run') throw new Error('killed')
      return { output: this.#random.bytes(8), units: 1 }
    }
    const { clock } = this
    const queue = createWorkQueue({ concurrency: 1, queue: 8 }, { clock })
    this.#answer = createAnswerer(
      { operator: signer.address, offer, domain },
      {
        offers: { find: async () => ({ version: MODEL, runs: MODEL, policies: [], model: modelOf(MODEL, run) }) },
        stock: stockOf([]),
        behaviour: { ...this.#behaviour, appliesPolicy: true },
        queue,
        journal,
        desk,
        payments: paymentsOf(database, clock).book,
        clock,
      },
    )
    this.#database = database
    this.prune = () => journal.prune(clock.nowMs())
    this.end = () => journal.end()
  }

  prune: () => void = () => {}
  end: () => void = () => {}

  /** The error code, or undefined for an answer. */
  async ask(call: InferCall): Promise<string | undefined> {
    try {
      await this.#answer?.(call)
      return undefined
    } catch (error) {
      if (isWitanError(error)) return error.code
      if ((error as Error).message !== 'killed') throw error
      this.kill()
      return 'killed'
    }
  }

  kill(): void {
    this.killAt = undefined
    this.#database?.close()
    this.start()
  }

  cutPower(): void {
    this.#database?.close()
    copyFileSync(`${this.#path}.flushed`, this.#path)
    for (const suffix of ['-wal', '-shm']) rmSync(`${this.#path}${suffix}`, { force: true })
    this.#boot++
    this.start()
  }

  stop(): void {
    this.end()
    this.#database?.close()
  }

  #remember(receipt: Receipt): void {
    const text = printReceipt(receipt)
    const before = this.signed.get(receipt.requestDigest)
    if (before !== undefined && before !== text) throw new Error(`two receipts for ${receipt.requestDigest}`)
    this.signed.set(receipt.requestDigest, text)
  }
}

/** What anybody who has kept everything can prove of the miner, by the rule of the court. */
function faultsOf(machine: Machine, calls: readonly InferCall[]) {
  const parties = { consumer: CONSUMER, miner: signer.address }
  const requests = calls.map(({ request, input }) => requestIdentityOf(parties, request, input))
  const { faults, forged } = findFaults(machine.receipts, requests, {
    domain,
    keyRecord: (key) => ({ nodeId: key === signer.address ? 1n : 0n, retiredAt: 0 }),
    nowSeconds: Math.floor(machine.clock.nowMs() / 1000),
    unbondingSeconds: 30 * 86_400,
  })
  if (forged.length > 0) throw forged[0]!.error
  return faults
}

t.test('no request ever has two receipts, whatever crashes', async (t) => {
  const outcomes = new Map<string, number>()
  let repeated = 0
  for (let sequence = 0; sequence < 24; sequence++) {
    const random = createSeededRandom(`sequence ${sequence}`)
    const machine = new Machine(t.testdir(), random)
    const calls: InferCall[] = []
    machine.start()
    for (let step = 0; step < 50; step++) {
      const event = random.below(20)
      if (event === 0) machine.kill()
      else if (event === 1) machine.cutPower()
      else if (event === 2) machine.prune()
      else if (event < 5) await machine.clock.advance(random.below(event === 4 ? WAIT_MS : 1_000))
      else {
        if (event < 8 || calls.length === 0) {
          calls.push(callOf(calls.length, machine.clock.nowMs() + 1 + random.below(WAIT_MS)))
        }
        machine.killAt = event === 19 ? (['run', 'journal', 'sign'] as const)[random.below(3)] : undefined
        const outcome = (await machine.ask(calls[random.below(calls.length)]!)) ?? 'answered'
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
      }
    }
    machine.stop()
    repeated += machine.receipts.length - machine.signed.size
    t.same(faultsOf(machine, calls), [], 'what it signed proves no fault')
  }
  t.ok(repeated > 50, `${repeated} receipts were repeated`)
  t.same(
    [...outcomes.keys()].sort(),
    ['REQUEST_DEADLINE_INVALID', 'REQUEST_TOO_OLD', 'answered', 'killed'],
    'the sequences met every ending',
  )
})

t.test('a miner that signs another answer each time is found out by the same rule', async (t) => {
  const machine = new Machine(t.testdir(), createSeededRandom('equivocator'), equivocate())
  machine.start()
  const calls = [1, 2].map((nonce) => callOf(nonce, machine.clock.nowMs() + 5_000))
  for (const call of [calls[0]!, calls[1]!, calls[0]!, calls[0]!]) t.equal(await machine.ask(call), undefined)
  machine.stop()
  const [fault, ...others] = faultsOf(machine, calls)
  t.match(fault, { kind: 'two-answers', nodeId: 1n, request: { nonce: calls[0]!.request.nonce } })
  t.same(others, [], 'once a request')
})
