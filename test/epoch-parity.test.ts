// The epoch in TypeScript and in the contract: the same integers on the public vectors and on random cases.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { abis, bytecode } from '@witan/contracts'
import {
  type EpochInput,
  type EpochResult,
  fromBitmap,
  fromKernelOutput,
  type KernelOutput,
  parseCase,
  quantiseStake,
  runEpoch,
  selectPermits,
  simulateCase,
  toKernelInput,
} from '@witan/protocol'
import t from 'tap'

const RANDOM_CASES = 1_000
const BATCH = 100
const KERNEL = `0x${'e9'.repeat(20)}`
/** As much as a chain's transaction may use (EIP-7825). */
const CALL_GAS = '0x1000000'

const protocol = new URL('../../packages/protocol/', import.meta.url)
/** What the chain package owns: its encoder and its anvil. */
const chainRequire = createRequire(new URL('../../packages/chain/package.json', import.meta.url))

interface Abi {
  encodeFunctionData(name: string, args: readonly unknown[]): string
  decodeFunctionResult(name: string, data: string): readonly unknown[]
  parseError(data: string): { name: string } | null
}
const { Interface } = chainRequire('ethers') as { Interface: new (abi: unknown) => Abi }
const kernel = new Interface(abis.EpochKernel)

const { randomEpochInput, createDraw } = (await import(new URL('dist/test/epoch-random-input.js', protocol).href)) as {
  randomEpochInput: (seed: number, maxUids?: number) => EpochInput
  createDraw: (seed: number) => (limit: number) => number
}

interface Reply {
  id: number
  result?: string
  error?: { message: string; data?: string }
}

const rpc = await startAnvil()
t.teardown(rpc.stop)
await installKernel()

t.test('public vectors', async (test) => {
  const { cases } = JSON.parse(readFileSync(new URL('test/vectors/yuma.json', protocol), 'utf8'))
  const inputs: EpochInput[] = []
  for (const vector of cases) {
    if (!['epoch', 'epoch_sequence', 'yuma3_sequence'].includes(vector.kind) || vector.params.liquid_alpha) continue
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
  const fromKernel = await callAll(
    'quantise',
    stakes.map((list) => [list]),
  )
  test.same(
    fromKernel.map((list) => (list as bigint[]).map(Number)),
    quantised,
    'quantised stakes',
  )

  const chosen = await callAll(
    'selectPermits',
    quantised.map((list, index) => [list, index % 9]),
  )
  const flags = chosen.map((bitmap, index) => fromBitmap(bitmap as bigint, quantised[index]!.length))
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
    const [reply] = await rpc.batch([callOf('run', [toKernelInput(input)])])
    test.equal(kernel.parseError(reply!.error?.data ?? '0x')?.name, name, name)
  }
})

/** The positions of inputs on which the two kernels differ, with both results. */
async function differing(inputs: readonly EpochInput[]): Promise<unknown[]> {
  const outputs = await callAll(
    'run',
    inputs.map((input) => [toKernelInput(input)]),
  )
  return inputs.flatMap((input, index) => {
    const ts = text(runEpoch(input))
    const evm = text(fromKernelOutput(outputs[index] as KernelOutput, input))
    return ts === evm ? [] : [{ index, ts, evm }]
  })
}

function sixteenPermits(input: EpochInput): EpochInput {
  const permits = selectPermits(input.stake, 16)
  return { ...input, permits, newPermits: permits }
}

function text(result: EpochResult): string {
  return JSON.stringify(result, (_, value) => (typeof value === 'bigint' ? value.toString() : value))
}

function callOf(name: string, args: readonly unknown[]) {
  const call = { to: KERNEL, data: kernel.encodeFunctionData(name, args), gas: CALL_GAS }
  return { method: 'eth_call', params: [call, 'latest'] }
}

async function callAll(name: string, calls: readonly (readonly unknown[])[]): Promise<unknown[]> {
  const values: unknown[] = []
  for (let start = 0; start < calls.length; start += BATCH) {
    for (const reply of await rpc.batch(calls.slice(start, start + BATCH).map((args) => callOf(name, args))))
      values.push(kernel.decodeFunctionResult(name, resultOf(reply))[0])
  }
  return values
}

function resultOf({ result, error }: Reply): string {
  if (result === undefined) throw new Error(`the call failed: ${error?.message} ${error?.data ?? ''}`)
  return result
}

/** Runs the creation code in a call, which returns the contract's code, and puts that at a fixed address. */
async function installKernel(): Promise<void> {
  const [created] = await rpc.batch([{ method: 'eth_call', params: [{ data: bytecode.EpochKernel }, 'latest'] }])
  await rpc.batch([{ method: 'anvil_setCode', params: [KERNEL, resultOf(created!)] }])
}

async function startAnvil() {
  const wrapper = createRequire(chainRequire.resolve('@foundry-rs/anvil/package.json'))
  const machine = `${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`
  const binary = join(dirname(wrapper.resolve(`@foundry-rs/anvil-${machine}/package.json`)), 'bin', 'anvil')
  const child = spawn(binary, ['--port', '0', '--accounts', '0'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  const url = await listeningUrl(createInterface(child.stdout))
  child.stdout.resume()
  return {
    async batch(requests: readonly { method: string; params: readonly unknown[] }[]): Promise<Reply[]> {
      const body = JSON.stringify(requests.map((request, id) => ({ jsonrpc: '2.0', id, ...request })))
      const headers = { 'content-type': 'application/json' }
      const response = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(30_000) })
      return ((await response.json()) as Reply[]).sort((a, b) => a.id - b.id)
    },
    async stop() {
      child.kill('SIGINT')
      await exited
    },
  }
}

async function listeningUrl(lines: AsyncIterable<string>): Promise<string> {
  for await (const line of lines) {
    const address = /Listening on (\S+)/.exec(line)?.[1]
    if (address !== undefined) return `http://${address}`
  }
  throw new Error('anvil ended before it listened')
}
