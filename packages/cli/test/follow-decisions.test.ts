// Nodes follow what the stakers decide: versions of a model and policies, on a real chain with real models over the wire.
// The votes themselves are tested elsewhere; here their executor, the timelock, is impersonated.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { BEHAVIOURS, type Hex, minerScore, ZERO_DIGEST } from '@witan/protocol'
import { openDatabase } from '@witan/runtime'
import { VALIDATOR_MIGRATIONS } from '@witan/validator'
import t from 'tap'
import { deployNetwork } from './support/deployed-network.js'
import { pictureOf, trainDigits, writePolicy } from './support/digit-models.js'
import { prepareNodes } from './support/local-nodes.js'

/** Long enough for a slow machine; its end is not waited for. */
const GRACE_SECONDS = 600
const BLOCK_MS = 500
const STEP_DEADLINE_MS = 120_000
const NOTICE = 'A machine read this digit.'
const CHEATS = ['stale', 'impostor', 'policy-breaker'] as const
const MINERS = ['honest', ...CHEATS] as const
type MinerName = (typeof MINERS)[number]

t.setTimeout(600_000)

const { addresses, client, directory, witan, json, advance } = await deployNetwork(
  t,
  [...MINERS, 'validator', 'consumer'],
  {
    terms: { modelGrace: GRACE_SECONDS },
    env: { WITAN_MODELS: 'models' },
  },
)
const models = join(directory, 'models')
const first = await trainDigits(models, 'digits-1', 1)
const second = await trainDigits(models, 'digits-2', 2)
const gated = writePolicy(join(models, 'policies'), {
  gate: { modelVersion: first.version, label: '4', thresholdPpm: 500_000 },
  notice: NOTICE,
})
const open = writePolicy(join(models, 'policies'), { retentionSeconds: 0 })

const asOwner = ['--key', 'owner', '--yes']
const blocks = setInterval(() => void client.rpc.request('evm_mine', []).catch(() => undefined), BLOCK_MS)
t.teardown(() => clearInterval(blocks))

/** Executes a decision. */
async function decide(data: Hex): Promise<void> {
  const { timelock, models: registry } = client.network.contracts
  await client.rpc.request('anvil_setBalance', [timelock, '0xffffffffffffffff'])
  await client.rpc.request('anvil_impersonateAccount', [timelock])
  const call = { from: timelock, to: registry, data }
  await client.rpc.request('eth_call', [call, 'latest'])
  await client.rpc.request('eth_sendTransaction', [call])
}
const { models: registry } = client.contracts
const activate = (number: number) => decide(registry.encode('activate', [1n, number]))
const setPolicy = (digest: Hex) => decide(registry.encode('setModelPolicy', [1n, digest]))

await witan(...'subnet create --name digits --preset minimal --model digits-1'.split(' '), ...asOwner)
for (const key of ['validator', ...MINERS]) {
  await witan('register', '--operator-key', key, '--max-price', '100', ...asOwner)
}
await witan('stake', 'add', '--operator', addresses.validator!, '--amount', '100', ...asOwner)
await witan('model', 'publish', '--manifest', first.manifest, '--netuid', '1', ...asOwner)
await witan('model', 'publish', '--manifest', second.manifest, '--model', '1', ...asOwner)

const start = await prepareNodes(t, directory)
/** Starts a node of the model; resolves once it serves. */
const startNode = (role: 'miner' | 'validator', key: string, more: object) =>
  start(role, { model: 'digits-1', modelId: 1, modelFolders: [models], ...more }, key)

await startNode('validator', 'validator', { registryRefreshMs: 500 })
for (const name of MINERS) {
  const isCheat = (BEHAVIOURS.miner as readonly string[]).includes(name)
  await startNode('miner', name, {
    behaviour: isCheat ? name : 'honest',
    admit: [addresses.consumer],
    serving: { admissionRefreshMs: 500 },
  })
}

const pictures = new Map<number, string>()
for (const digit of [4, 7]) {
  const file = join(directory, `${digit}.bin`)
  writeFileSync(file, await pictureOf(digit, first))
  pictures.set(digit, file)
}

const ask = (digit: number, ...more: string[]) => json('infer', '--image', pictures.get(digit)!, ...more)
const askOne = (name: MinerName, digit: number, ...more: string[]) => ask(digit, '--miner', addresses[name]!, ...more)
const LIVE = ['--model-id', '1']
const codeOf = (asked: Promise<unknown>): Promise<string> => asked.then(String, (error) => error.code)

/** Asks again until it gives something; what is waited for happens within seconds. */
async function eventually<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const deadlineMs = performance.now() + STEP_DEADLINE_MS
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (performance.now() > deadlineMs) throw new Error(`no ${what} within ${STEP_DEADLINE_MS} ms`)
    await client.latestBlock()
  }
}

interface Judged {
  readonly result: string
  readonly code: string | null
  readonly expects: string
  readonly version: Hex
  readonly policy: Hex
}

const journal = openDatabase(join(directory, 'data/validator/validator.sqlite'), VALIDATOR_MIGRATIONS)
t.teardown(() => journal.close())

/** What the validator wrote about a miner. */
function judged(name: MinerName): Judged[] {
  const rows = journal
    .prepare<[string], Omit<Judged, 'version' | 'policy'> & { request: string }>(
      'SELECT result, code, expects, request FROM challenges WHERE operator = ? AND request IS NOT NULL',
    )
    .all(addresses[name]!)
  return rows.map(({ request, ...row }) => {
    const { modelVersion, policy } = JSON.parse(request)
    return { ...row, version: modelVersion, policy }
  })
}

/** The score of each registered uid after the last closed epoch. */
function scores(): Map<number, number> {
  const row = journal.prepare<[], { book: string }>('SELECT book FROM books ORDER BY epoch DESC LIMIT 1').get()
  const book = JSON.parse(row?.book ?? '[]')
  return new Map(book.map(({ uid, record }: never) => [uid, minerScore(record)]))
}

t.test('while nothing is decided, what the subnet names itself is served', async (t) => {
  const answer = await eventually('first answer', () =>
    askOne('honest', 7, '--model', 'digits-1').catch((error) => {
      if (error.code === 'MINER_NOT_FOUND') return undefined
      throw error
    }),
  )
  t.equal(JSON.parse(answer.text).digit, 7)
  t.match(answer.policy, { digest: ZERO_DIGEST, isChecked: false, notice: null })
  t.equal(await codeOf(ask(7, ...LIVE)), 'MODEL_NOT_REGISTERED', 'the model has no live version')
})

t.test('a version that the stakers make live is served', async (t) => {
  await activate(1)
  const answer = await eventually('answer of version 1', () => askOne('honest', 4, ...LIVE))
  t.match(answer, { modelVersion: first.version, model: 'digits-1' })
  t.equal(JSON.parse(answer.text).digit, 4, 'a four is answered: no policy forbids it')
})

t.test('a new live version and a policy: miners switch, and the version before has grace', async (t) => {
  await activate(2)
  await setPolicy(gated)
  const answer = await eventually('answer of version 2', () =>
    askOne('honest', 7, ...LIVE).catch((error) => {
      if (error.code === 'MINER_NOT_FOUND') return undefined
      throw error
    }),
  )
  t.match(answer, { modelVersion: second.version, receipt: { policy: gated, modelVersion: second.version } })
  t.match(answer.policy, { digest: gated, isChecked: true, notice: NOTICE })
  t.match((await witan('infer', '--image', pictures.get(7)!, ...LIVE)).stdout, NOTICE)
  const before = await askOne('honest', 7, '--model', 'digits-1')
  t.match(before.receipt, { modelVersion: first.version, policy: gated }, 'version 1 in grace')
  t.equal(await codeOf(askOne('honest', 4, ...LIVE)), 'POLICY_REFUSED')
  t.equal(JSON.parse((await askOne('policy-breaker', 4, ...LIVE)).text).digit >= 0, true, 'who breaks it answers')
})

t.test('the validator catches who claims the version and runs the one before, and who breaks the policy', async (t) => {
  await eventually('proof against both', async () => {
    const isProven = (name: MinerName, proof: Partial<Judged>) =>
      judged(name).some((one) => Object.entries(proof).every(([key, value]) => one[key as keyof Judged] === value))
    const impostor = isProven('impostor', { result: 'wrong', code: 'ANSWER_WRONG', version: second.version })
    const breaker = isProven('policy-breaker', { result: 'wrong', code: 'POLICY_BROKEN', expects: 'refusal' })
    const honest = isProven('honest', { result: 'correct', expects: 'refusal', policy: gated })
    return (impostor && breaker && honest) || undefined
  })
  t.same(
    judged('honest').filter(({ result }) => result !== 'correct' && result !== 'late'),
    [],
    'nothing is held against the honest one',
  )
})

t.test('after the grace period the version before counts no more', async (t) => {
  t.equal((await client.models.acceptedOn(1)).versions.length, 2)
  // Whoever has a score is judged whatever it serves: the leap must not come before the epoch is scored.
  await eventually('a score of the stale one', async () => {
    return (scores().get(MINERS.indexOf('stale') + 1) ?? 0) > 0 || undefined
  })
  await advance(GRACE_SECONDS)
  t.equal((await client.models.acceptedOn(1)).versions.length, 1)
  t.equal(await codeOf(ask(7, '--model', 'digits-1')), 'MODEL_NOT_REGISTERED')
  await eventually('a challenge that the stale one cannot answer', async () => {
    return judged('stale').some(({ code }) => code === 'MODEL_NOT_SERVED') || undefined
  })
  await eventually('scores that tell them apart', async () => {
    const score = scores()
    const uidOf = (name: MinerName) => MINERS.indexOf(name) + 1
    const honest = score.get(uidOf('honest')) ?? 0
    const isBelow = (name: MinerName, share: number) => (score.get(uidOf(name)) ?? 0) < share * honest
    return (
      (honest > 0 && isBelow('impostor', 0.5) && isBelow('policy-breaker', 0.8) && isBelow('stale', 0.8)) || undefined
    )
  })
})

t.test('what a policy refused is answered after the vote for another, and the reverse', async (t) => {
  await setPolicy(open)
  const answer = await askOne('honest', 4, ...LIVE)
  t.match(answer.receipt, { policy: open })
  t.match(answer.policy, { notice: null })
  await setPolicy(gated)
  t.equal(await codeOf(askOne('honest', 4, ...LIVE)), 'POLICY_REFUSED')
  await setPolicy(ZERO_DIGEST)
  t.equal(JSON.parse((await askOne('honest', 4, ...LIVE)).text).digit >= 0, true)
  t.same(
    judged('honest').filter(({ result }) => result === 'wrong'),
    [],
  )
})
