import type { LastSettled, Neuron } from '@witan/chain'
import type { Address } from '@witan/protocol'
import { createLogger, createManualClock } from '@witan/runtime'
import t from 'tap'
import { createAdmission } from '../src/admission/admission.js'
import { permittedOperators } from '../src/admission/permitted-operators.js'
import { chainOf, neuronOf, operatorOf } from './support/chain.js'
import { CONSUMER, START_MS } from './support/world.js'

const rules = { maxValidators: 2, stakeThreshold: 0n }
const names = (operators: ReadonlySet<Address>) => [...operators].sort()
const settled = (permits: number[], endsAt = 1_000): Pick<LastSettled, 'endsAt' | 'permits'> => ({ endsAt, permits })

t.test('who holds a permit or would hold one', async (t) => {
  const neurons: Neuron[] = [neuronOf(0, 5n), neuronOf(1, 9n), neuronOf(2, 7n), neuronOf(3, 0n)]
  t.same(names(permittedOperators(neurons, undefined, rules)), [operatorOf(1), operatorOf(2)], 'largest stakes')
  t.same(
    names(permittedOperators(neurons, settled([0, 3]), rules)),
    [operatorOf(0), operatorOf(1), operatorOf(2), operatorOf(3)],
    'and the permits of the last settled epoch',
  )
  t.same(names(permittedOperators(neurons, undefined, { ...rules, stakeThreshold: 8n })), [operatorOf(1)])
  t.same(names(permittedOperators([], undefined, rules)), [])
  const takenOver = [neuronOf(0, 0n, 1_000)]
  t.same(names(permittedOperators(takenOver, settled([0]), rules)), [], 'a slot taken over since has no permit')
})

t.test('the list is read at the start, again as time goes, and outlives a dead endpoint', async (t) => {
  const clock = createManualClock(START_MS)
  const chain = chainOf([neuronOf(0, 5n)])
  const errors: unknown[] = []
  const admission = createAdmission(
    { netuid: 1, admit: [CONSUMER], refreshMs: 1_000 },
    { chain, clock, logger: createLogger({ name: 'test', level: 'silent' }), onError: (error) => errors.push(error) },
  )
  t.ok(admission.admits(CONSUMER), 'listed by the operator')
  t.notOk(admission.admits(operatorOf(0)))
  await admission.start()
  t.ok(admission.admits(operatorOf(0)))
  t.notOk(admission.admits(operatorOf(1)))

  chain.set([neuronOf(0, 0n), neuronOf(1, 4n)])
  await clock.advance(1_000)
  t.notOk(admission.admits(operatorOf(0)))
  t.ok(admission.admits(operatorOf(1)))

  chain.fail(new Error('endpoint down'))
  await clock.advance(3_000)
  t.equal(errors.length, 3)
  t.ok(admission.admits(operatorOf(1)))
  t.equal(admission.ageMs(), 3_000)
  await admission.stop()
  t.equal(clock.pending(), 0)
})

t.test('a miner does not start blind', async (t) => {
  const clock = createManualClock(START_MS)
  const chain = chainOf([])
  chain.fail(new Error('endpoint down'))
  const logger = createLogger({ name: 'test', level: 'silent' })
  const admission = createAdmission(
    { netuid: 1, admit: [], refreshMs: 1_000 },
    { chain, clock, logger, onError: () => undefined },
  )
  await t.rejects(admission.start(), /endpoint down/)
  t.equal(clock.pending(), 0)
})
