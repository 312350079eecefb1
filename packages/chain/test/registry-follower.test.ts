import { type Hex, WitanError, ZERO_DIGEST } from '@witan/protocol'
import { createLogger, createManualClock } from '@witan/runtime'
import t from 'tap'
import { readAccepted } from '../src/client/accepted.js'
import { type Acceptance, type AcceptedVersion, createRegistryFollower } from '../src/index.js'
import type { Contracts } from '../src/network/contracts.js'

const id = (byte: string): Hex => `0x${byte.repeat(32)}`
const [V1, V2, P1, P2] = ['01', '02', 'a1', 'a2'].map(id) as [Hex, Hex, Hex, Hex]
const NOW = 1_800_000_000

interface Registered {
  readonly netuid: number
  live?: number
  previous?: number
  graceEndsAt?: number
  policy?: Hex
}

/** The two registries as the read sees them; a version's manifest is its number, repeated. */
function registryOf(models: readonly Registered[], own: readonly Hex[] = [V1]) {
  const asked: string[] = []
  const activatedIn = (netuid: unknown) =>
    models.flatMap((model, index) => (model.netuid === netuid && model.live !== undefined ? [BigInt(index + 1)] : []))
  const answers: Record<string, (args: readonly unknown[]) => unknown> = {
    activatedIn: ([netuid]) => activatedIn(netuid),
    subnetPolicy: () => P1,
    gracePeriod: () => 60,
    modelVersions: () => own,
    model: ([modelId]) => ({ previous: 0, graceEndsAt: 0, ...models[Number(modelId) - 1]! }),
    version: ([, number]) => ({ manifest: id(`0${number}`) }),
    policyOf: ([modelId]) => models[Number(modelId) - 1]!.policy ?? P1,
  }
  const read = async (name: string, args: readonly unknown[], { block }: { block: number }) => {
    asked.push(`${name} ${args.join(' ')} at ${block}`)
    return answers[name]!(args)
  }
  const block = { number: '0x7', hash: V1, parentHash: V1, timestamp: `0x${NOW.toString(16)}` }
  const contracts = { models: { read }, subnets: { read } } as unknown as Contracts
  return { acceptedOn: readAccepted(contracts, { request: async () => block } as never), asked }
}

t.test('what counts: live versions and those in grace, or what the subnet names', async (t) => {
  const models: Registered[] = [{ netuid: 1 }, { netuid: 2, live: 1 }]
  const { acceptedOn, asked } = registryOf(models)
  const own = await acceptedOn(1)
  t.match(own, { subnetPolicy: P1, gracePeriod: 60, timestamp: NOW })
  t.same(own.versions, [
    { modelId: 0n, number: 0, manifest: V1, policy: P1, graceEndsAt: undefined, replaced: undefined },
  ])
  t.ok(
    asked.every((line) => line.endsWith('at 7')),
    'everything at one block',
  )
  models[0] = { netuid: 1, live: 2, previous: 1, graceEndsAt: NOW + 1, policy: P2 }
  t.same((await acceptedOn(1)).versions, [
    { modelId: 1n, number: 2, manifest: V2, policy: P2, graceEndsAt: undefined, replaced: V1 },
    { modelId: 1n, number: 1, manifest: V1, policy: P2, graceEndsAt: NOW + 1, replaced: undefined },
  ])
  models[0].graceEndsAt = NOW
  t.same(
    (await acceptedOn(1)).versions.map(({ manifest, replaced }) => [manifest, replaced]),
    [[V2, V1]],
    'no grace from its end on',
  )
  models[0].live = 0
  t.same(
    (await acceptedOn(1)).versions.map(({ modelId }) => modelId),
    [0n],
    'one that lost its live version leaves it to the subnet again',
  )
  t.same(
    (await acceptedOn(2)).versions.map(({ modelId }) => modelId),
    [2n],
  )
})

t.test('models that nobody made live are not looked at, however many there are', async (t) => {
  const models: Registered[] = Array.from({ length: 10_000 }, () => ({ netuid: 3 }))
  models[499] = { netuid: 3, live: 1 }
  const { acceptedOn, asked } = registryOf(models)
  t.same(
    (await acceptedOn(3)).versions.map(({ modelId }) => modelId),
    [500n],
  )
  t.equal(asked.length, 6, 'list, policy, grace; model, version, its policy')
})

t.test('no more versions than a node can describe, the oldest models first', async (t) => {
  const { acceptedOn } = registryOf(Array.from({ length: 300 }, () => ({ netuid: 3, live: 1 })))
  const { versions } = await acceptedOn(3)
  t.same([versions.length, versions[0]!.modelId, versions.at(-1)!.modelId], [64, 1n, 64n])
})

const versionOf = (manifest: Hex, overrides: Partial<AcceptedVersion> = {}): AcceptedVersion => {
  return { modelId: 1n, number: 1, manifest, policy: P1, graceEndsAt: undefined, replaced: undefined, ...overrides }
}

function followerOf(
  versions: readonly AcceptedVersion[],
  { modelId = 1n, modelVersion = undefined as Hex | undefined } = {},
) {
  const clock = createManualClock(0)
  let acceptance: Acceptance = { versions, subnetPolicy: P2, gracePeriod: 60, timestamp: NOW }
  let failure: Error | undefined
  let reads = 0
  const told: string[] = []
  const errors: unknown[] = []
  const follower = createRegistryFollower(
    { netuid: 1, modelId, modelVersion, refreshMs: 5_000 },
    {
      acceptedOn: async () => {
        reads++
        if (failure !== undefined) throw failure
        return acceptance
      },
      onRead: (followed) => told.push(followed.map(({ number }) => number).join()),
      onError: (error) => errors.push(error),
      clock,
      logger: createLogger({ name: 'test', level: 'silent' }),
    },
  )
  return {
    follower,
    clock,
    told,
    errors,
    reads: () => reads,
    decide: (next: readonly AcceptedVersion[], timestamp = NOW) => {
      acceptance = { ...acceptance, versions: next, timestamp }
    },
    fail: (error: Error | undefined) => {
      failure = error
    },
  }
}

t.test('a follower goes by its model, and by its own version while that has none live', async (t) => {
  const { follower, clock, decide, told } = followerOf([versionOf(V1, { modelId: 0n, number: 0 })], {
    modelVersion: V1,
  })
  await follower.start()
  t.same(
    follower.versions().map(({ manifest }) => manifest),
    [V1],
  )
  decide([versionOf(V2, { number: 2 }), versionOf(V1, { modelId: 2n, number: 3 })])
  await clock.advance(5_000)
  t.same(
    follower.versions().map(({ manifest, policies }) => [manifest, policies]),
    [[V2, [P1]]],
    'not by another model',
  )
  t.equal(told.at(-1), '2')
  await follower.stop()
  t.equal(clock.pending(), 0)

  const waiting = followerOf([versionOf(V1, { modelId: 0n })], { modelVersion: V2 })
  await waiting.follower.start()
  t.same(waiting.follower.versions(), [], 'its version does not count')
  await waiting.follower.stop()

  const fixed = followerOf([versionOf(V2)], { modelId: 0n, modelVersion: V1 })
  await fixed.follower.start()
  t.match(
    fixed.follower.versions(),
    [{ manifest: V1, policy: P2 }],
    'a fixed version stays, under the policy of the subnet',
  )
  await fixed.follower.stop()
})

t.test('a policy that was replaced counts for the grace period more', async (t) => {
  const { follower, clock, decide } = followerOf([versionOf(V1)])
  await follower.start()
  decide([versionOf(V1, { policy: P2 })], NOW + 10)
  await clock.advance(5_000)
  t.same(follower.versions()[0]?.policies, [P2, P1])
  decide([versionOf(V2, { policy: P2 }), versionOf(V1, { policy: P2, graceEndsAt: NOW + 99 })], NOW + 69)
  await clock.advance(5_000)
  t.same(
    follower.versions().map(({ policies }) => policies),
    [
      [P2, P1],
      [P2, P1],
    ],
    'of every version of the model',
  )
  decide([versionOf(V1, { policy: P2 })], NOW + 70)
  await clock.advance(5_000)
  t.same(follower.versions()[0]?.policies, [P2])
  await follower.stop()
})

t.test('who knows of a newer decision makes it read again, once a second', async (t) => {
  const { follower, clock, decide, reads } = followerOf([versionOf(V1)])
  await follower.start()
  const before = reads()
  decide([versionOf(V2)])
  const asked = Promise.all([follower.refresh(), follower.refresh()])
  await clock.advance(999)
  t.equal(reads(), before)
  await clock.advance(1)
  await asked
  t.equal(reads(), before + 1, 'together')
  t.same(
    follower.versions().map(({ manifest }) => manifest),
    [V2],
  )
  await t.rejects(follower.refresh(AbortSignal.abort(new Error('gone'))), /gone/)
  await follower.stop()
})

t.test('while the chain cannot be read, the last read stands', async (t) => {
  const { follower, clock, errors, fail } = followerOf([versionOf(V1)])
  const lost = new WitanError('RPC_UNAVAILABLE', 'No endpoint')
  fail(lost)
  await t.rejects(follower.start(), lost)
  fail(undefined)
  await follower.start()
  fail(lost)
  await clock.advance(5_000)
  t.ok(errors.length > 0)
  t.match(follower.versions(), [{ manifest: V1, policy: P1 }])
  t.not(P1, ZERO_DIGEST)
  await clock.advance(54_000)
  t.ok(follower.isCurrent(), 'whatever was decided meanwhile, it still counts')
  await clock.advance(2_000)
  t.notOk(follower.isCurrent(), 'after the grace period it may not')
  fail(undefined)
  await clock.advance(5_000)
  t.ok(follower.isCurrent())
  await follower.stop()
})
