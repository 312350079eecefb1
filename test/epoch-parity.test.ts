// The epoch in TypeScript and in the contract: the same integers on the public vectors and on random cases, whether the
// contract checks a claimed consensus or finds its own. WITAN_PARITY_CASES sets the number of random cases.
import { readFileSync } from 'node:fs'
import { createKernelSandbox } from '@witan/chain'
import {
  claimOf,
  type EpochInput,
  type EpochResult,
  fromBitmap,
  fromKernelOutput,
  type KernelOutput,
  packWords,
  parseCase,
  quantiseStake,
  runEpoch,
  selectPermits,
  simulateCase,
  toKernelInput,
  unpackWords,
} from '@witan/protocol'
import { createLogger, systemClock } from '@witan/runtime'
import t from 'tap'

const RANDOM_CASES = Number(process.env.WITAN_PARITY_CASES ?? 10_000)
/** Calls under way at a time. */
const BATCH = 50
/** Voters up to whom the contract is asked to find consensus without a claim. */
const CLAIM_FREE_VOTERS = 16

const protocol = new URL('../../packages/protocol/', import.meta.url)

const { randomEpochInput, fullEpochInput, createDraw } = (await import(
  new URL('dist/test/epoch-random-input.js', protocol).href
)) as {
  randomEpochInput: (seed: number, maxUids?: number) => EpochInput
  fullEpochInput: (seed: number, voters: number, uids: number) => EpochInput
  createDraw: (seed: number) => (limit: number) => number
}

const logger = createLogger({ name: 'test', level: 'silent' })
const sandbox = createKernelSandbox({ clock: systemClock, logger })
await sandbox.start()
t.teardown(() => sandbox.stop())

interface Kernel {
  read(name: 'run' | 'quantise' | 'selectPermits', args: readonly unknown[]): Promise<unknown>
}
const kernel = () => sandbox.kernel() as unknown as Kernel
const engine = async (input: EpochInput, claim?: readonly bigint[]): Promise<EpochResult> =>
  fromKernelOutput((await kernel().read('run', toKernelInput(input, claim))) as KernelOutput, input)

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
  test.ok(inputs.length > 35, `${inputs.length} epochs`)
  test.same(await differing(inputs), [])
})

t.test(`${RANDOM_CASES} random epochs`, async (test) => {
  const seen = { voted: 0, differing: [] as unknown[] }
  for (let start = 0; start < RANDOM_CASES; start += BATCH) {
    const count = Math.min(BATCH, RANDOM_CASES - start)
    const inputs = Array.from({ length: count }, (_, offset) => randomEpochInput(start + offset))
    seen.voted += inputs.filter((input) => runEpoch(input).minersVoted).length
    seen.differing.push(...(await differing(inputs, start)))
  }
  test.ok(seen.voted > RANDOM_CASES / 4, `${seen.voted} of them have incentive`)
  test.same(seen.differing, [])
})

t.test('epochs as large as a subnet', async (test) => {
  const sizes = [
    [16, 64],
    [16, 256],
    [64, 64],
    [64, 256],
    [48, 512],
    [24, 1_024],
  ] as const
  const inputs = sizes.flatMap(([voters, uids], seed) => [
    fullEpochInput(seed, voters, uids),
    fullEpochInput(seed + 100, voters, uids),
  ])
  test.same(await differing(inputs), [])
  const odd = Array.from({ length: 40 }, (_, seed) => randomEpochInput(seed + 70_000, 90))
  test.same(await differing(odd), [])
})

t.test('a claim that is off by one names the uid', async (test) => {
  const draw = createDraw(13)
  const inputs = Array.from({ length: 200 }, (_, seed) => randomEpochInput(seed + 80_000))
  const refusals = await batched(inputs, async (input) => {
    const consensus = [...runEpoch(input).consensus]
    const uid = draw(consensus.length)
    const isUp = consensus[uid] === 0n || draw(2) === 0
    consensus[uid]! += isUp ? 1n : -1n
    const error = await engine(input, packWords(consensus, 32)).then(
      () => undefined,
      (reason) => reason,
    )
    return error?.facts?.error === 'BadClaim' && Number(error.facts.uid) === uid ? undefined : { uid, isUp, error }
  })
  test.same(
    refusals.filter((refusal) => refusal !== undefined),
    [],
  )
  const large = fullEpochInput(1, 64, 256)
  const claim = claimOf(runEpoch(large)).with(-1, 0n)
  await test.rejects(engine(large, claim), { code: 'SETTLE_INPUTS_INVALID', facts: { error: 'BadClaim' } })
})

t.test('stakes and permits', async (test) => {
  const draw = createDraw(7)
  const stakes = Array.from({ length: 200 }, () =>
    Array.from({ length: draw(20) }, () => BigInt(draw(4)) * 10n ** BigInt(draw(26)) + BigInt(draw(3))),
  )
  stakes.push(Array.from({ length: 600 }, (_, uid) => BigInt(uid % 7) * 10n ** 20n))
  const quantised = stakes.map(quantiseStake)
  const words = await batched(stakes, (list) => kernel().read('quantise', [list]) as Promise<bigint[]>)
  test.same(
    words.map((packed, index) => unpackWords(packed, 32, stakes[index]!.length).map(Number)),
    quantised,
    'quantised stakes',
  )

  const most = (index: number) => (index === 200 ? 48 : index % 9)
  const chosen = await batched(quantised, (list, index) => {
    const args = [packWords(list, 32), list.length, most(index)]
    return kernel().read('selectPermits', args) as Promise<bigint[]>
  })
  test.same(
    chosen.map((bitmap, index) => fromBitmap(bitmap, quantised[index]!.length)),
    quantised.map((list, index) => selectPermits(list, most(index))),
    'permits',
  )
})

t.test('both refuse the same', async (test) => {
  const good = randomEpochInput(1)
  const bad: Record<string, EpochInput> = {
    'an alpha above 1': { ...good, bondsAlphaPpm: 1_000_001 },
    'stakes of 2^31': { ...good, stake: good.stake.map((_, uid) => (uid === 0 ? 2 ** 31 : 0)) },
    'liquid alpha upside down': { ...good, liquidAlpha: { low: 2, high: 1, steepness: 0 } },
  }
  for (const [name, input] of Object.entries(bad)) {
    test.throws(() => runEpoch(input), { code: 'EPOCH_INPUT_INVALID' }, name)
    await test.rejects(engine(input), { code: 'EPOCH_INPUT_INVALID' }, name)
  }
})

/** The inputs on which the two differ, with all results. Every other input with few voters also goes without a claim. */
async function differing(inputs: readonly EpochInput[], first = 0): Promise<unknown[]> {
  const outcomes = await batched(inputs, async (input, index) => {
    const ours = runEpoch(input)
    const claimed = await engine(input, claimOf(ours))
    const isFree = index % 2 === 0 && input.permits.filter(Boolean).length <= CLAIM_FREE_VOTERS
    const found = isFree ? await engine(input) : claimed
    const [ts, evm, free] = [ours, claimed, found].map(text)
    return ts === evm && ts === free ? [] : [{ index: first + index, ts, evm, free }]
  })
  return outcomes.flat()
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
