import { WitanError } from '@witan/protocol'
import { loadConfiguration } from '@witan/runtime'
import t from 'tap'
import { validatorConfigSchema } from '../src/index.js'
import { MODEL, neuronOf, SCHEDULE, START_SECONDS, versionOf } from './support/chain.js'
import { keyOf } from './support/miners.js'
import { kill, Stage } from './support/stage.js'

const EPOCH = SCHEDULE.epochLength

t.test('a validator judges, commits, reveals and settles epoch after epoch', async (t) => {
  const stage = new Stage(t.testdir())
  const [, , honest, liar, silent] = stage.signers
  stage.miners.add(liar!, { read: () => 'something else' })
  stage.miners.add(silent!, { unreachable: true })
  const { validator, signer, metrics, database } = stage.open(0)
  t.equal(stage.clock.pending(), 0, 'building starts nothing')
  await validator.start()
  await stage.until(3 * EPOCH + 11.5)

  t.same(stage.mined(), [
    '0 commit 0',
    '0 reveal 0',
    '0 snapshot 0',
    '0 settle 0',
    '0 commit 1',
    '0 reveal 1',
    '0 snapshot 1',
    '0 settle 1',
    '0 commit 2',
    '0 reveal 2',
    '0 snapshot 2',
    '0 settle 2',
  ])
  t.same(stage.chain.weights(2, signer.address), [0, 0, 65_535, 0, 0], 'only correct answers weigh')
  const asked = (operator: string) => stage.miners.asked.filter((miner) => miner === operator).length
  t.equal(asked(honest!.address), 16)
  t.equal(asked(silent!.address), 0, 'who never was a miner is not asked')
  const { recentErrors, ...status } = validator.status()
  t.same(status, {
    role: 'validator',
    uid: 0,
    operator: signer.address,
    peerId: 'peer 0',
    behaviour: 'honest',
    requests: 32,
    failures: 16,
    receiptsVerified: 32,
    lastCommitted: 2,
    lastRevealed: 2,
    lastSettled: 2,
  })
  t.same(recentErrors, [])
  t.ok(validator.live().ok)
  t.ok(validator.ready().ok)
  const text = await metrics.text()
  t.match(text, 'witan_validator_challenges_total{result="wrong"} 16')
  t.match(text, 'witan_validator_duties_total{duty="settle"} 3')
  t.match(text, 'witan_validator_weights_age_seconds 11')
  const { codes, requests, receipts } = database
    .prepare<[], { codes: string; requests: number; receipts: number }>(
      'SELECT group_concat(DISTINCT code) AS codes, count(request) AS requests, count(*) AS receipts FROM challenges WHERE receipt IS NOT NULL',
    )
    .get()!
  t.equal(requests, receipts, 'every receipt is kept with its request')
  t.equal(codes, 'ANSWER_WRONG', 'what proves a wrong answer is kept')
  await validator.stop()
  t.equal(stage.clock.pending(), 0)
  t.notOk(validator.ready().ok)
})

t.test('killed between commit and reveal, it reveals what it committed', async (t) => {
  const stage = new Stage(t.testdir())
  const first = stage.open(0)
  await first.validator.start()
  await stage.until(EPOCH - 2)
  t.same(stage.mined(), ['0 commit 0'])
  const committed = [...stage.chain.commitments.values()]
  await kill(first)

  const second = stage.open(0, 'honest', 1)
  await second.validator.start()
  await stage.until(EPOCH - 0.5)
  t.same([...stage.chain.commitments.values()], committed, 'the same commitment')
  t.same(stage.mined(), ['0 commit 0'])
  await kill(second)

  await stage.until(EPOCH + 4)
  const third = stage.open(0, 'honest', 2)
  await third.validator.start()
  await stage.until(EPOCH + 6)
  t.same(stage.mined(), ['0 commit 0', '0 reveal 0'])
  t.equal(third.validator.status().lastRevealed, 0)
  await kill(third)
})

t.test('killed after planning, before sending: the plan stands', async (t) => {
  const stage = new Stage(t.testdir())
  const first = stage.open(0)
  await first.validator.start()
  await stage.until(11.5)
  stage.chain.refuse = () => 'RPC_UNAVAILABLE'
  await stage.until(12.5)
  const planned = first.database.prepare<[], { commitment: string; state: string }>('SELECT * FROM commitments').get()!
  t.equal(planned.state, 'planned')
  await kill(first)
  stage.chain.refuse = undefined
  const second = stage.open(0, 'honest', 1)
  await second.validator.start()
  await stage.until(14)
  t.same([...stage.chain.commitments.values()], [planned.commitment])
  await kill(second)
})

t.test('a restart within the challenges asks nobody twice', async (t) => {
  const stage = new Stage(t.testdir())
  const first = stage.open(0)
  await first.validator.start()
  await stage.until(3)
  const askedBefore = stage.miners.asked.length
  t.ok(askedBefore > 0 && askedBefore < 12)
  await kill(first)
  const second = stage.open(0, 'honest', 1)
  await second.validator.start()
  await stage.until(12)
  t.equal(stage.miners.asked.length, 12)
  const { rounds } = second.database.prepare<[], { rounds: number }>('SELECT count(*) AS rounds FROM challenges').get()!
  t.equal(rounds, 12)
  await kill(second)
})

t.test('a window missed is given up, counted and does not stop the next epochs', async (t) => {
  const stage = new Stage(t.testdir())
  const first = stage.open(0)
  await first.validator.start()
  await stage.until(EPOCH - 2)
  await kill(first)

  await stage.until(5 * EPOCH)
  const second = stage.open(0, 'honest', 1)
  await second.validator.start()
  await stage.until(6 * EPOCH + 11.5)
  t.same(stage.mined(), [
    '0 commit 0',
    '0 snapshot 4',
    '0 settle 4',
    '0 commit 5',
    '0 reveal 5',
    '0 snapshot 5',
    '0 settle 5',
  ])
  t.match(await second.metrics.text(), 'witan_validator_missed_reveals_total 1')
  t.equal(second.validator.status().lastRevealed, 5)
  await kill(second)
})

t.test('a commitment that the chain never got is not revealed for ever', async (t) => {
  const stage = new Stage(t.testdir())
  const { validator } = stage.open(0)
  await validator.start()
  stage.chain.refuse = (method) => (method === 'commit' ? 'TRANSACTION_NOT_MINED' : undefined)
  await stage.until(EPOCH + 5)
  t.equal(validator.status().lastCommitted, undefined)
  const codes = validator.status().recentErrors.map(({ code }) => code)
  t.equal(codes.filter((code) => code === 'COMMITMENT_MISSING').length, 1)
  await validator.stop()
})

t.test('validators take turns, and one that is late finds the epoch settled', async (t) => {
  const stage = new Stage(t.testdir())
  const [first, second] = [stage.open(0), stage.open(1)]
  await Promise.all([first.validator.start(), second.validator.start()])
  await stage.until(4 * EPOCH + 12)
  const settled = stage.mined().filter((line) => line.includes('settle'))
  t.same(
    settled.map((line) => line.slice(2)),
    ['settle 0', 'settle 1', 'settle 2', 'settle 3'],
    'each epoch once',
  )
  t.ok(settled.some((line) => line.startsWith('0')) && settled.some((line) => line.startsWith('1')))
  t.same(
    [first, second].map(({ validator }) => validator.status().lastSettled),
    [3, 3],
  )
  t.same(
    [first, second].flatMap(({ validator }) => validator.status().recentErrors),
    [],
  )

  stage.chain.refuse = (method) => (method === 'settle' ? 'ALREADY_SETTLED' : undefined)
  await stage.until(5 * EPOCH + 14)
  t.same(
    [first, second].flatMap(({ validator }) => validator.status().recentErrors),
    [],
    'losing the race is normal',
  )
  await Promise.all([first.validator.stop(), second.validator.stop()])
})

t.test('an epoch without stake is left void', async (t) => {
  const stage = new Stage(t.testdir())
  stage.chain.stake = 0n
  const { validator } = stage.open(0)
  await validator.start()
  await stage.until(2 * EPOCH - 0.5)
  t.same(stage.mined(), ['0 commit 0', '0 reveal 0', '0 commit 1'])
  stage.chain.stake = 1n
  await stage.until(2 * EPOCH + 14)
  t.equal(stage.mined().at(-2), '0 settle 1')
  await validator.stop()
})

t.test('a validator follows the owner who makes epochs longer', async (t) => {
  const stage = new Stage(t.testdir())
  const { validator } = stage.open(0)
  await validator.start()
  await stage.until(EPOCH - 0.5)
  // From epoch 1 on twice as long: epoch 0 would have started one epoch earlier.
  stage.chain.schedule = { startedAt: START_SECONDS - EPOCH, epochLength: 2 * EPOCH, revealWindow: 14 }
  await stage.until(3 * EPOCH - 4)
  t.notOk(stage.mined().includes('0 commit 1'), 'the old end of epoch 1 has passed without a commitment')
  await stage.until(5 * EPOCH - 0.5)
  t.same(
    stage.mined().filter((line) => line.endsWith(' 1')),
    ['0 commit 1', '0 reveal 1', '0 snapshot 1', '0 settle 1'],
  )
  await validator.stop()
})

t.test('a copier asks nobody and commits what the largest other voter revealed last', async (t) => {
  const stage = new Stage(t.testdir())
  const [honest, copier] = [stage.open(0), stage.open(1, 'copier')]
  await Promise.all([honest.validator.start(), copier.validator.start()])
  await stage.until(2 * EPOCH + 6)
  t.same(copier.validator.status().requests, 0)
  t.equal(stage.chain.weights(0, copier.signer.address), undefined, 'there was nothing to copy')
  t.same(stage.chain.weights(1, copier.signer.address), stage.chain.weights(0, honest.signer.address))
  await Promise.all([honest.validator.stop(), copier.validator.stop()])
})

t.test('without an answer from any miner there is nothing to commit', async (t) => {
  const stage = new Stage(t.testdir())
  for (const signer of stage.signers.slice(2)) stage.miners.add(signer, { read: () => 'nonsense' })
  const { validator } = stage.open(0)
  await validator.start()
  await stage.until(EPOCH + 14)
  t.same(stage.mined(), ['0 snapshot 0', '0 settle 0'])
  await validator.stop()
})

t.test('a miner that falls silent loses its weight', async (t) => {
  const stage = new Stage(t.testdir())
  const { validator, signer } = stage.open(0)
  await validator.start()
  await stage.until(EPOCH - 0.5)
  stage.miners.add(stage.signers[3]!, { unreachable: true })
  await stage.until(3 * EPOCH + 2)
  const before = stage.chain.weights(0, signer.address)!
  const after = stage.chain.weights(2, signer.address)!
  t.equal(before[3], 65_535)
  t.ok(after[3]! < 65_535 / 2)
  t.equal(after[2], 65_535)
  await validator.stop()
})

t.test('a new holder of a slot starts without the record of the old one', async (t) => {
  const stage = new Stage(t.testdir())
  const { validator, signer } = stage.open(0)
  await validator.start()
  await stage.until(EPOCH + 13)
  const newcomer = keyOf(99)
  const registeredAt = START_SECONDS + EPOCH + 13
  stage.chain.neurons = stage.chain.neurons.map((neuron) =>
    neuron.uid === 3 ? { ...neuronOf(3, newcomer.address), registeredAt } : neuron,
  )
  await stage.until(3 * EPOCH + 2)
  t.same(stage.chain.weights(2, signer.address), [0, 0, 65_535, 0, 65_535])
  await validator.stop()
})

t.test('a dead endpoint is counted and outlived', async (t) => {
  const stage = new Stage(t.testdir())
  const { validator, metrics } = stage.open(0)
  await validator.start()
  await stage.until(5)
  stage.chain.failure = new WitanError('RPC_UNAVAILABLE', 'No endpoint answers')
  await stage.until(EPOCH + 5)
  t.match(await metrics.text(), /witan_validator_head_failures_total [1-9]/)
  t.ok(validator.status().recentErrors.every(({ code }) => code === 'RPC_UNAVAILABLE'))
  stage.chain.failure = undefined
  await stage.until(2 * EPOCH + 14)
  t.same(stage.mined().slice(0, 4), ['0 snapshot 0', '0 settle 0', '0 commit 1', '0 reveal 1'])
  await validator.stop()
})

t.test('refuses to start', async (t) => {
  const stage = new Stage(t.testdir())
  const registered = stage.chain.neurons
  const { validator, database } = stage.open(0)
  stage.chain.neurons = registered.slice(1)
  await t.rejects(validator.start(), { code: 'UNREGISTERED_OPERATOR', exitCode: 77 })
  stage.chain.neurons = registered
  stage.chain.versions = [versionOf(`0x${'b2'.repeat(32)}`)]
  await t.rejects(validator.start(), { code: 'MODEL_NOT_REGISTERED', exitCode: 78 })
  stage.chain.versions = [versionOf(MODEL)]
  database.prepare("INSERT INTO owner (id, identity) VALUES (1, 'another')").run()
  await t.rejects(validator.start(), { code: 'JOURNAL_FOREIGN', exitCode: 78 })
  database.prepare('DELETE FROM owner').run()
  await validator.start()
  await validator.stop()
  t.equal(stage.clock.pending(), 0)
})

t.test('the example configuration is the defaults, written out', async (t) => {
  const file = new URL('../../../../configs/validator.yaml', import.meta.url).pathname
  const { values } = loadConfiguration({ schema: validatorConfigSchema, file, env: {} })
  const { network, operator, dataDir } = values
  t.same(validatorConfigSchema.parse({ network, operator, dataDir }), values)
})

t.test('nobody is judged by a registry that was not read for longer than its grace', async (t) => {
  const stage = new Stage(t.testdir())
  const actor = stage.open(0)
  await actor.validator.start()
  await stage.until(10)
  const asked = stage.miners.asked.length
  t.ok(asked > 0)
  stage.chain.registryFailure = new WitanError('RPC_UNAVAILABLE', 'No endpoint')
  await stage.until(40)
  t.ok(stage.miners.asked.length > asked, 'what was replaced meanwhile has grace')
  await stage.until(5 * EPOCH)
  const before = stage.miners.asked.length
  await stage.until(7 * EPOCH)
  t.equal(stage.miners.asked.length, before)
  t.ok(actor.validator.status().recentErrors.some(({ code }) => code === 'MODEL_NOT_READY'))
  stage.chain.registryFailure = undefined
  await stage.until(9 * EPOCH)
  t.ok(stage.miners.asked.length > before)
  await kill(actor)
})
