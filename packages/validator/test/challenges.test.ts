import { normalizeText } from '@witan/inference'
import { createReceiptVerifier, type OutcomeResult, requestDigest, WitanError, ZERO_DIGEST } from '@witan/protocol'
import { createLogger, createManualClock, createSeededRandom } from '@witan/runtime'
import t from 'tap'
import type { Examinee } from '../src/challenge/examinee.js'
import { findExaminees } from '../src/challenge/find-examinees.js'
import { judgeMiner } from '../src/challenge/judge-miner.js'
import { type Challenge, makeChallenge } from '../src/challenge/make-challenge.js'
import { paceChallenges, planChallenges } from '../src/challenge/plan-challenges.js'
import { createTextMechanism } from '../src/challenge/text-mechanism.js'
import { MODEL, NETUID, neuronOf, START_SECONDS } from './support/chain.js'
import { type Deviation, domain, keyOf, offerOf, reader, sentences, TestMiners } from './support/miners.js'

const validator = keyOf(1)
const miner = keyOf(2)
const stranger = keyOf(3)
const TEXT = 'seven green ships'
const challenge: Challenge = {
  content: TEXT,
  input: new TextEncoder().encode(TEXT),
  expects: { kind: 'answer', isRight: (output) => normalizeText(new TextDecoder().decode(output)) === TEXT },
}
const never = new AbortController().signal

const judgeOf = (deviation: Deviation = {}, signal = never) => {
  const clock = createManualClock(START_SECONDS * 1000)
  const miners = new TestMiners(validator.address)
  miners.add(miner, deviation)
  return judgeMiner(
    { operator: miner.address, multiaddrs: [] },
    challenge,
    { netuid: NETUID, operator: validator.address, domain, modelVersion: MODEL, policy: ZERO_DIGEST, answerMs: 5_000 },
    { network: miners.network(), verifier: createReceiptVerifier(domain), clock, random: createSeededRandom('nonces') },
    signal,
  )
}

t.test('judging answers', async (t) => {
  const other = `0x${'ee'.repeat(32)}` as const
  const cases: readonly (readonly [name: string, deviation: Deviation, result: OutcomeResult, code?: string])[] = [
    ['the text', {}, 'correct'],
    ['the text with other spaces', { read: (text) => `  ${text.replaceAll(' ', '  ')}\n` }, 'correct'],
    ['another text', { read: () => 'seven green sheep' }, 'wrong', 'ANSWER_WRONG'],
    ['no text', { read: () => '' }, 'wrong', 'ANSWER_WRONG'],
    ['another case', { read: (text) => text.toUpperCase() }, 'wrong', 'ANSWER_WRONG'],
    ['a receipt for another output', { output: new Uint8Array([1]) }, 'wrong', 'RECEIPT_MISMATCH'],
    ['a receipt for another request', { alter: (r) => ({ ...r, requestDigest: other }) }, 'wrong', 'RECEIPT_MISMATCH'],
    ['a receipt of another version', { alter: (r) => ({ ...r, modelVersion: other }) }, 'wrong', 'RECEIPT_MISMATCH'],
    ['a price', { alter: (r) => ({ ...r, price: 1n }) }, 'wrong', 'RECEIPT_MISMATCH'],
    ['the signature of another key', { signer: stranger }, 'failed', 'RECEIPT_SIGNER_MISMATCH'],
    [
      'a deadline that has not passed',
      { error: new WitanError('DEADLINE_EXCEEDED', 'Late') },
      'failed',
      'DEADLINE_EXCEEDED',
    ],
    ['a full queue', { error: new WitanError('BUSY', 'Full') }, 'failed', 'BUSY'],
    ['nobody', { unreachable: true }, 'failed', 'PEER_UNREACHABLE'],
  ]
  for (const [name, deviation, result, code] of cases) {
    const verdict = await judgeOf(deviation)
    t.equal(verdict.result, result, name)
    t.equal(verdict.error?.code, code, name)
    t.equal(verdict.receipt !== undefined, result === 'correct' || result === 'wrong', `${name}: what is evidence`)
    t.equal(requestDigest(domain, verdict.request), verdict.requestId, `${name}: with its request`)
  }
})

t.test('a proof that does not lead to the signed root is a failure', async (t) => {
  const clock = createManualClock(START_SECONDS * 1000)
  const miners = new TestMiners(validator.address)
  miners.add(miner)
  const network = {
    infer: async (...[target, head, input]: Parameters<ReturnType<TestMiners['network']>['infer']>) => {
      const answer = await miners.answer(target.operator, head, input)
      const receipt = { ...answer.closing.receipt, receipt: { ...answer.closing.receipt.receipt, units: 2 } }
      return { ...answer, closing: { ...answer.closing, receipt } }
    },
  }
  const verdict = await judgeMiner(
    { operator: miner.address, multiaddrs: [] },
    challenge,
    { netuid: NETUID, operator: validator.address, domain, modelVersion: MODEL, policy: ZERO_DIGEST, answerMs: 5_000 },
    { network, verifier: createReceiptVerifier(domain), clock, random: createSeededRandom('nonces') },
    never,
  )
  t.match(verdict, { result: 'failed', error: { code: 'RECEIPT_PROOF_INVALID' }, receipt: undefined })
})

t.test('latency runs from sending to the end of the answer', async (t) => {
  const clock = createManualClock(START_SECONDS * 1000)
  const miners = new TestMiners(validator.address)
  miners.add(miner, {
    async read(text) {
      await clock.advance(120)
      return text
    },
  })
  const verdict = await judgeMiner(
    { operator: miner.address, multiaddrs: [] },
    challenge,
    { netuid: NETUID, operator: validator.address, domain, modelVersion: MODEL, policy: ZERO_DIGEST, answerMs: 5_000 },
    { network: miners.network(), verifier: createReceiptVerifier(domain), clock, random: createSeededRandom('nonces') },
    never,
  )
  t.equal(verdict.latencyMs, 120)

  miners.add(miner, {
    async read() {
      await clock.advance(5_000)
      throw new WitanError('DEADLINE_EXCEEDED', 'Nobody answered')
    },
  })
  const late = await judgeMiner(
    { operator: miner.address, multiaddrs: [] },
    challenge,
    { netuid: NETUID, operator: validator.address, domain, modelVersion: MODEL, policy: ZERO_DIGEST, answerMs: 5_000 },
    { network: miners.network(), verifier: createReceiptVerifier(domain), clock, random: createSeededRandom('nonces') },
    never,
  )
  t.match(late, { result: 'late', latencyMs: 5_000, error: { code: 'DEADLINE_EXCEEDED' } })
})

t.test('what is nobody’s fault is not judged', async (t) => {
  const reason = new Error('stopping')
  await t.rejects(judgeOf({}, AbortSignal.abort(reason)), reason)
  await t.rejects(judgeOf({ error: new Error('a bug') }), /a bug/)
})

t.test('a challenge is one that the model reads itself', async (t) => {
  let discarded = 0
  const misread = new Set<string>()
  const judgedBy = (run: typeof reader.run) => ({
    mechanism: createTextMechanism(sentences),
    judge: { model: { ...reader, run }, isSameClass: true },
    rules: undefined,
    onDiscarded: () => discarded++,
  })
  const modules = judgedBy(async (input) => {
    const text = new TextDecoder().decode(input)
    return reader.run(misread.has(text) ? new TextEncoder().encode('something else') : input)
  })
  const contentOf = async (seed: string) => (await makeChallenge({ seed, isProbe: false }, modules, never)).content
  const first = await contentOf('seed')
  t.equal(await contentOf('seed'), first, 'the seed decides')
  t.not(await contentOf('other'), first)
  misread.add(first)
  t.not(await contentOf('seed'), first)
  t.equal(discarded, 1)
  const blind = judgedBy(async () => ({ output: new Uint8Array(0), units: 1 }))
  await t.rejects(makeChallenge({ seed: 'seed', isProbe: false }, blind, never), { code: 'CHALLENGE_UNREADABLE' })
})

t.test('who is judged', async (t) => {
  const miners = new TestMiners(validator.address)
  const [serving, silent, forgotten, idle, elsewhere] = [10, 11, 12, 13, 14].map(keyOf)
  miners.add(serving!)
  miners.add(silent!, { unreachable: true })
  miners.add(idle!, { models: [] })
  miners.add(elsewhere!, { models: offerOf(`0x${'b2'.repeat(32)}`) })
  const all = [validator, serving!, silent!, forgotten!, idle!, elsewhere!]
  const neurons = all.map(({ address }, uid) => neuronOf(uid, address))
  const find = async (known: number[], list = neurons) => {
    const modules = { network: miners.network(), logger: createLogger({ name: 'test', level: 'silent' }) }
    const options = { operator: validator.address, modelVersions: [MODEL] }
    return (await findExaminees(list, new Set(known), options, modules, never)).map(({ uid }) => uid)
  }
  t.same(await find([]), [1], 'those that serve a model of the subnet')
  t.same(await find([2, 3, 4]), [1, 2, 3, 4], 'and those with a score, whatever they say')
  t.same(
    await find(
      [],
      neurons.map((neuron) => ({ ...neuron, record: undefined })),
    ),
    [],
    'nobody without an address',
  )
})

t.test('the plan', async (t) => {
  const examinees = [5, 6, 7].map((uid): Examinee => {
    return { uid, registeredAt: 0, operator: keyOf(uid).address, multiaddrs: [], offers: [] }
  })
  const plan = planChallenges(examinees, { seed: 'seed', perMiner: 4, sampleSize: 10 })
  t.same(plan, planChallenges(examinees, { seed: 'seed', perMiner: 4, sampleSize: 10 }), 'the seed decides')
  t.equal(plan.length, 12)
  for (let round = 0; round < 4; round++) {
    const uids = plan.slice(3 * round, 3 * round + 3).map(({ examinee }) => examinee.uid)
    t.same(uids.sort(), [5, 6, 7], 'each round asks everybody')
  }
  const sampled = planChallenges(examinees, { seed: 'seed', perMiner: 2, sampleSize: 2 })
  t.equal(new Set(sampled.map(({ examinee }) => examinee.uid)).size, 2)

  t.same(
    paceChallenges(plan, 6_000, 6_000).map(({ inMs }) => inMs),
    plan.map((_, index) => index * 500),
  )
  t.equal(paceChallenges(plan, 3_000, 6_000).length, 12, 'denser after a late start')
  t.equal(paceChallenges(plan, 1_500, 6_000).length, 6, 'but never a burst')
  t.same(paceChallenges(plan, 0, 6_000), [])
  t.same(paceChallenges(plan, -1, 6_000), [])
})
