import type { FollowedVersion } from '@witan/chain'
import type { ModelManifest, Rules, StockedModel } from '@witan/inference'
import { createReceiptVerifier, type Hex, scoreEpoch, WitanError, ZERO_DIGEST } from '@witan/protocol'
import { createManualClock, createSeededRandom, openDatabase } from '@witan/runtime'
import t from 'tap'
import { chooseJudge } from '../src/challenge/choose-judge.js'
import { judgeMiner } from '../src/challenge/judge-miner.js'
import { type Challenge, makeChallenge } from '../src/challenge/make-challenge.js'
import { mechanismFor } from '../src/challenge/mechanism.js'
import { isProbeRound } from '../src/challenge/plan-challenges.js'
import { VALIDATOR_MIGRATIONS } from '../src/index.js'
import { openChallengeJournal } from '../src/journal/challenge-journal.js'
import { MODEL, NETUID, START_SECONDS, versionOf } from './support/chain.js'
import { type Deviation, domain, keyOf, offerOf, reader, sentences, TestMiners } from './support/miners.js'

const validator = keyOf(1)
const miner = keyOf(2)
const never = new AbortController().signal
const id = (byte: string): Hex => `0x${byte.repeat(32)}`
const [V1, V2, POLICY] = ['01', '02', 'a1'].map(id) as [Hex, Hex, Hex]

/** Twenty pictures of one grey value each: 10, 20, … 200. */
const pictures = Array.from({ length: 20 }, (_, index) => new Uint8Array(784).fill(10 * (index + 1)))
const greyOf = (pixels: Uint8Array) => Math.max(...pixels)

/** A model whose probability of a four is the brightness of the picture, a little more by `bias`. */
function brightness(version: Hex, bias = 0): StockedModel {
  const manifest = { ...reader.manifest, task: 'digits', inputs: { media: ['application/octet-stream'] } }
  return {
    ...reader,
    version,
    manifest: { ...manifest, tolerance: { absolute: 1e-4, relative: 1e-4 } } as ModelManifest,
    async run(pixels) {
      const four = Math.min(1, greyOf(pixels) / 255 + bias)
      const answer = { digit: 4, probabilities: [1 - four, 0, 0, 0, four, 0, 0, 0, 0, 0] }
      return { output: new TextEncoder().encode(JSON.stringify(answer)), units: 1 }
    },
  }
}

const rulesAt = (thresholdPpm: number): Rules => ({
  policy: {
    version: 1,
    tasks: ['digits'],
    input: { maxBytes: 784, mediaTypes: [] },
    output: { maxBytes: 1_000, mediaTypes: [] },
    refuse: [],
    gate: { modelVersion: V1, label: '4', thresholdPpm },
    notice: null,
    retentionSeconds: 0,
  },
  gate: brightness(V1),
})

const mechanism = mechanismFor('digits', { sentences, pictures: async () => pictures })

const make = (seed: string, isProbe: boolean, rules: Rules | undefined, isSameClass = true) =>
  makeChallenge(
    { seed, isProbe },
    { mechanism, judge: { model: brightness(V2), isSameClass }, rules, onDiscarded: () => undefined },
    never,
  )

const isRight = ({ expects }: Challenge, output: Uint8Array) => expects.kind === 'answer' && expects.isRight(output)

t.test('a digits challenge is right when the registered version answers the same', async (t) => {
  const challenge = await make('seed', false, undefined)
  t.match(challenge, { content: /^test picture \d+$/, expects: { kind: 'answer' } })
  t.same(Buffer.from((await make('seed', false, undefined)).input), Buffer.from(challenge.input), 'the seed decides')
  t.ok(isRight(challenge, (await brightness(V2).run(challenge.input)).output))
  const near = (await brightness(V2, 5e-5).run(challenge.input)).output
  t.notOk(isRight(challenge, near), 'to the byte on the same engine')
  const elsewhere = await make('seed', false, undefined, false)
  t.ok(isRight(elsewhere, (await brightness(V2, 5e-5).run(elsewhere.input)).output), 'within the tolerance elsewhere')
  t.notOk(isRight(elsewhere, (await brightness(V2, 5e-3).run(elsewhere.input)).output))
  t.throws(() => mechanismFor('chess', { sentences, pictures: async () => pictures }), { code: 'MODEL_UNJUDGED' })
})

t.test('probes are what the policy refuses, questions what it allows', async (t) => {
  for (const seed of ['one', 'two', 'three', 'four', 'five', 'six']) {
    const probe = await make(seed, true, rulesAt(500_000))
    t.equal(probe.expects.kind, 'refusal')
    t.ok(greyOf(probe.input) / 255 > 0.5)
    const question = await make(seed, false, rulesAt(500_000))
    t.equal(question.expects.kind, 'answer')
    t.ok(greyOf(question.input) / 255 < 0.5)
  }
  t.equal((await make('seed', true, rulesAt(1_000_000))).expects.kind, 'answer', 'nothing is refused')
  t.equal((await make('seed', false, rulesAt(1))).expects.kind, 'refusal', 'everything is refused')
  t.equal((await make('seed', true, undefined)).expects.kind, 'answer', 'no policy')
})

t.test('inputs at the very threshold judge nobody', async (t) => {
  const grey = new Uint8Array(784).fill(100)
  const share = Math.round((100 / 255) * 1e6)
  const one = mechanismFor('digits', { sentences, pictures: async () => [grey] })
  let discarded = 0
  const still = { ...one, draw: async () => ({ content: 'test picture 0', input: grey }) }
  const judge = { model: brightness(V2), isSameClass: true }
  const made = (thresholdPpm: number) =>
    makeChallenge(
      { seed: 'seed', isProbe: false },
      { mechanism: still, judge, rules: rulesAt(thresholdPpm), onDiscarded: () => discarded++ },
      never,
    )
  await t.rejects(made(share + 50), { code: 'CHALLENGE_UNREADABLE' })
  t.equal(discarded, still.draws)
  t.equal((await made(share - 1_000)).expects.kind, 'refusal')
  t.equal((await made(share + 1_000)).expects.kind, 'answer')
})

t.test('every miner is probed once in four challenges, and nobody knows when', async (t) => {
  const rounds = (perMiner: number, uid: number, seed = 'seed') =>
    Array.from({ length: perMiner }, (_, round) => round).filter((round) =>
      isProbeRound(round, { seed, perMiner, uid }),
    )
  const first = new Set<number>()
  for (let uid = 0; uid < 50; uid++) {
    t.equal(rounds(4, uid).length, 1)
    t.equal(rounds(8, uid).length, 2)
    t.ok(rounds(6, uid).length === 2)
    first.add(rounds(4, uid)[0]!)
  }
  t.equal(first.size, 4)
  const single = Array.from({ length: 400 }, (_, uid) => rounds(1, uid).length).reduce((sum, count) => sum + count)
  t.ok(single > 60 && single < 140, `${single} of 400 when there is one challenge an epoch`)
})

t.test('by which version a miner is judged', async (t) => {
  const followed = (manifest: Hex, overrides: Partial<FollowedVersion> = {}): FollowedVersion => {
    return { ...versionOf(manifest), policies: [], ...overrides }
  }
  const counting = [followed(V2), followed(V1, { graceEndsAt: 9 })]
  const loaded = new Set<Hex>([V1, V2])
  const stock = {
    model: (version: Hex) => (loaded.has(version) ? brightness(version) : undefined),
    rules: (digest: Hex) => (digest === POLICY && loaded.has(POLICY) ? rulesAt(500_000) : undefined),
  }
  const chosen = (offers: ReturnType<typeof offerOf>, versions = counting, answeredBy = 8) => {
    const { version, isSameClass } = chooseJudge({ offers }, versions, stock, answeredBy)
    return [version.manifest, isSameClass]
  }
  t.same(chosen([...offerOf(V1), ...offerOf(V2)]), [V2, true], 'the live one when it serves it')
  t.same(chosen(offerOf(V1)), [V1, true], 'the one in grace when it serves only that')
  t.same(chosen(offerOf(V1), [followed(V2)]), [V2, true], 'the live one when it serves neither')
  t.same(chosen([]), [V2, false], 'what it runs on is not known')
  const onCard = (version: Hex) => [{ ...offerOf(version)[0]!, device: 'webgpu: a card' }]
  t.same(chosen(onCard(V2)), [V2, false], 'another device')
  t.same(chosen(onCard(V1), [followed(V2)]), [V2, false], 'which it is whatever version it said it serves')
  t.same(chosen([{ ...offerOf(V2)[0]!, device: 'cpu: another processor' }]), [V2, false])
  const unnamed = { ...brightness(V2), description: () => ({ ...reader.description(), device: onProvider }) }
  const onProvider = { ...reader.description().device, provider: 'cuda', device: 'cuda' }
  const alike = [{ ...offerOf(V2)[0]!, device: 'cuda: cuda' }]
  t.match(chooseJudge({ offers: alike }, counting, { ...stock, model: () => unnamed }, 8), { isSameClass: false })
  t.same(chosen(offerOf(V1), counting, 9), [V2, true], 'no version that may count no more when it answers')
  loaded.delete(V2)
  t.same(chosen(offerOf(V1)), [V1, true], 'one that is loaded here')
  t.throws(() => chosen(offerOf(V2)), { code: 'MODEL_NOT_READY' }, 'what this validator lacks is no fault of a miner')
  const gated = [followed(V1, { policy: POLICY })]
  t.throws(() => chosen([], gated), { code: 'MODEL_NOT_READY' }, 'not without the policy')
  loaded.add(POLICY)
  t.match(chooseJudge({ offers: [] }, gated, stock, 8), { rules: { policy: { version: 1 } } })
})

t.test('refusing is right where the policy refuses, and wrong elsewhere', async (t) => {
  const judge = (expects: Challenge['expects'], deviation: Deviation) => {
    const miners = new TestMiners(validator.address)
    miners.add(miner, deviation)
    const clock = createManualClock(START_SECONDS * 1000)
    return judgeMiner(
      { operator: miner.address, multiaddrs: [] },
      { content: 'a text', input: new TextEncoder().encode('a text'), expects },
      { netuid: NETUID, operator: validator.address, domain, modelVersion: MODEL, policy: POLICY, answerMs: 5_000 },
      { network: miners.network(), verifier: createReceiptVerifier(domain), clock, random: createSeededRandom('x') },
      never,
    )
  }
  const refuses = { error: new WitanError('POLICY_REFUSED', 'No') }
  const refusal = { kind: 'refusal' } as const
  t.match(await judge(refusal, refuses), { result: 'correct', request: { policy: POLICY, modelVersion: MODEL } })
  t.match(await judge(refusal, {}), { result: 'wrong', error: { code: 'POLICY_BROKEN' }, receipt: Object })
  t.match(await judge(refusal, { error: new WitanError('BUSY', 'Full') }), { result: 'failed' })
  t.match(await judge(refusal, { signer: keyOf(3) }), { result: 'failed', error: { code: 'RECEIPT_SIGNER_MISMATCH' } })
  const answer = { kind: 'answer', isRight: () => true } as const
  t.match(await judge(answer, refuses), { result: 'failed', error: { code: 'POLICY_REFUSED' } })
})

t.test('the journal keeps what makes a receipt evidence, and right refusals earn nothing', async (t) => {
  const database = openDatabase(':memory:', VALIDATOR_MIGRATIONS)
  const journal = openChallengeJournal(database)
  const slot = { uid: 3, registeredAt: 10 }
  const request = {
    consumer: validator.address,
    miner: miner.address,
    nonce: V1,
    netuid: NETUID,
    modelVersion: MODEL,
    policy: ZERO_DIGEST,
    deadline: 5,
    samplingDigest: V1,
    inputDigest: V2,
  }
  const judged = (round: number, expects: 'answer' | 'refusal', result: 'correct' | 'wrong') =>
    journal.add({
      ...{ epoch: 1, ...slot, round, operator: miner.address, requestId: id('0a'), request, content: 'x' },
      ...{ expects, result, latencyMs: 7, judgedAtMs: 1 },
    })
  judged(0, 'answer', 'correct')
  judged(1, 'refusal', 'correct')
  judged(2, 'refusal', 'wrong')
  const outcomes = journal.outcomes(1, [slot])
  t.same(
    outcomes.map(({ result, isProbe }) => [result, isProbe]),
    [
      ['correct', false],
      ['correct', true],
      ['wrong', true],
    ],
  )
  const correctOf = (counted: typeof outcomes) => scoreEpoch(new Map(), counted).get(slot.uid)?.correct
  t.equal(correctOf(outcomes.slice(1, 2)), 0, 'a right refusal alone earns nothing')
  t.equal(correctOf(outcomes.slice(0, 2)), correctOf(outcomes.slice(0, 1)), 'nor beside an answer')
  t.ok(correctOf(outcomes)! < correctOf(outcomes.slice(0, 1))!, 'an answer that the policy forbids costs')
  const row = database.prepare<[], { request: string }>('SELECT request FROM challenges WHERE round = 0').get()
  t.same(JSON.parse(row!.request), request)
})
