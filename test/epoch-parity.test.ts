// The epoch in TypeScript and in the contract: the same integers on the public vectors and on random cases.
import { readFileSync } from 'node:fs'
import { createKernelSandbox } from '@witan/chain'
import {
  type EpochInput,
  type EpochResult,
  fromBitmap,
  parseCase,
  quantiseStake,
  runEpoch,
  selectPermits,
  simulateCase,
} from '@witan/protocol'
import { createLogger, systemClock } from '@witan/runtime'
import t from 'tap'

const RANDOM_CASES = 1_000
/** Calls under way at a time. */
const BATCH = 100

const protocol = new URL('../../packages/protocol/', import.meta.url)

const { randomEpochInput, createDraw } = (await import(new URL('dist/test/epoch-random-input.js', protocol).href)) as {
  randomEpochInput: (seed: number, maxUids?: number) => EpochInput
  createDraw: (seed: number) => (limit: number) => number
}

const logger = createLogger({ name: 'test', level: 'silent' })
const sandbox = createKernelSandbox({ clock: systemClock, logger })
await sandbox.start()
t.teardown(() => sandbox.stop())

t.test('public vectors', async (test) => {
  const { cases } = JSON.parse(readFileSync(new URL('test/vectors/yuma.json', protocol), 'utf8'))
  const inputs: EpochInput[] = []
  for (const vector of cases) {
    if (!['epoch', 'epoch_sequence', 'yuma3_sequence'].includes(vector.kind)) continue
    await simulateCase(parseCase(vector), (input) => {
      inputs.push(input)
      return runEpoch(input)
    })
  }
  test.ok(inputs.length > 20, `${inputs.length} epochs`)
  test.same(await differing(inputs), [])
})

t.test(`${RANDOM_CASES} random epochs`, async (test) => {
  const inputs = Array.from({ length: RANDOM_CASES }, (_, seed) => randomEpochInput(seed))
  const voted = inputs.filter((input) => runEpoch(input).minersVoted).length
  test.ok(voted > RANDOM_CASES / 4, `${voted} of them have incentive`)
  test.same(await differing(inputs), [])
})

t.test('epochs as large as a subnet', async (test) => {
  const inputs = Array.from({ length: 8 }, (_, seed) => sixteenPermits(randomEpochInput(seed + 5_000, 64)))
  test.same(await differing(inputs), [])
})

t.test('stakes and permits', async (test) => {
  const draw = createDraw(7)
  const stakes = Array.from({ length: 200 }, () =>
    Array.from({ length: draw(20) }, () => BigInt(draw(4)) * 10n ** BigInt(draw(26)) + BigInt(draw(3))),
  )
  const quantised = stakes.map(quantiseStake)
  const fromKernel = await batched(stakes, (list) => sandbox.kernel().read('quantise', [list]))
  test.same(fromKernel, quantised, 'quantised stakes')

  const chosen = await batched(quantised, (list, index) => sandbox.kernel().read('selectPermits', [list, index % 9]))
  const flags = chosen.map((bitmap, index) => fromBitmap([bitmap], quantised[index]!.length))
  test.same(
    flags,
    quantised.map((list, index) => selectPermits(list, index % 9)),
    'permits',
  )
})

t.test('both refuse the same', async (test) => {
  const good = randomEpochInput(1)
  const bad: Record<string, EpochInput> = {
    WrongLength: { ...good, lastUpdate: [...good.lastUpdate, 1] },
    BondsAlphaTooLarge: { ...good, bondsAlphaPpm: 1_000_001 },
    QuantisedStakeTooLarge: { ...good, stake: good.stake.map((_, uid) => (uid === 0 ? 2 ** 31 : 0)) },
    UnknownUid: { ...good, newPermits: [...good.stake.map(() => true), true] },
  }
  for (const [name, input] of Object.entries(bad)) {
    test.throws(() => runEpoch(input), { code: 'EPOCH_INPUT_INVALID' }, name)
    await test.rejects(async () => sandbox.run(input), { code: 'CONTRACT_REVERTED', facts: { error: name } }, name)
  }
})

/** The positions of inputs on which the two kernels differ, with both results. */
async function differing(inputs: readonly EpochInput[]): Promise<unknown[]> {
  const results = await batched(inputs, async (input) => text(await sandbox.run(input)))
  return inputs.flatMap((input, index) => {
    const ts = text(runEpoch(input))
    return ts === results[index] ? [] : [{ index, ts, evm: results[index] }]
  })
}

function sixteenPermits(input: EpochInput): EpochInput {
  const permits = selectPermits(input.stake, 16)
  return { ...input, permits, newPermits: permits }
}

function text(result: EpochResult): string {
  return JSON.stringify(result, (_, value) => (typeof value === 'bigint' ? value.toString() : value))
}

async function batched<T, R>(items: readonly T[], call: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (let start = 0; start < items.length; start += BATCH) {
    const batch = items.slice(start, start + BATCH)
    results.push(...(await Promise.all(batch.map((item, offset) => call(item, start + offset)))))
  }
  return results
}
