// What a watcher does with what it found, on a chain that only remembers what was asked of it.
import { createSigner, type Evidence, requestDigest, WitanError } from '@witan/protocol'
import { createManualClock } from '@witan/runtime'
import t from 'tap'
import type { FaultChain } from '../src/watch/find-new-faults.js'
import { type WatchAction, watchOnce } from '../src/watch/watch-pass.js'
import { watchUntilStopped } from '../src/watch/watch-until-stopped.js'
import { domain, evidenceOf, miner, NOW, subnets, word } from './support/evidence.js'

const signal = new AbortController().signal
const WATCHER = `0x${'aa'.repeat(20)}` as const

/** Two answers to one request. */
const faultyEvidence = (nonce: number, signer = miner): Evidence[] =>
  [word(4), word(5)].map((responseDigest) => evidenceOf(nonce, responseDigest, signer))

function chainOf(
  accusations: readonly { state: string; executableAt: number; challenger?: string }[] = [],
  accused: readonly string[] = [],
  court: Partial<FaultChain['court']> = {},
) {
  return {
    network: { chainId: 31_337, contracts: { subnets } },
    latestBlock: async () => ({ timestamp: NOW }),
    vault: { unbondingSeconds: async () => 1_000 },
    court: {
      keyRecord: async () => ({ nodeId: 1n, retiredAt: 0 }),
      accusationOf: async (digest: string) => (accused.includes(digest) ? 1n : undefined),
      accusations: async () => accusations.map((each, index) => ({ accusationId: BigInt(index + 1), ...each })),
      roomFor: async () => 8,
      maySlash: async () => true,
      ...court,
    },
  } as unknown as FaultChain
}

/** Looks once; what it would send is noted, and `refusal` is thrown at the first. */
async function look(evidence: Evidence[], chain: FaultChain, refusal?: unknown) {
  const acted: string[] = []
  const act = async (action: WatchAction) => {
    const { action: name } = action
    acted.push(action.action === 'accuse' ? action.fault.requestDigest : `${name} ${action.due.accusationId}`)
    if (refusal !== undefined && acted.length === 1) throw refusal
    return acted.length
  }
  const report = await watchOnce({ evidence, unreadable: 0, examples: [] }, { chain, from: WATCHER, act, signal })
  return { acted, report }
}

const digestOf = ([first]: Evidence[]) => requestDigest(domain, first!.request)

t.test('each new fault is accused once, and what is due is executed', async (t) => {
  const [first, second] = [faultyEvidence(1), faultyEvidence(2)]
  const due = [
    { state: 'open', executableAt: NOW },
    { state: 'open', executableAt: NOW + 1 },
    { state: 'vetoed', executableAt: NOW },
  ]
  const evidence = [...first, ...second, ...first]
  const { acted, report } = await look(evidence, chainOf(due, [digestOf(second)]))
  t.strictSame(acted, [digestOf(first), 'execute 1'])
  t.match(report, { receipts: 6, known: 1, ahead: 0, forged: 0, failed: [], done: [{ sent: 1 }, { sent: 2 }] })
})

t.test('an action that fails keeps no other from being tried', async (t) => {
  const evidence = [...faultyEvidence(1), ...faultyEvidence(2)]
  const late = new WitanError('ALREADY_ACCUSED', 'another was first')
  const { acted, report } = await look(evidence, chainOf(), late)
  t.equal(acted.length, 2)
  t.match(report, { done: [{ action: 'accuse' }], failed: [{ action: 'accuse', error: { code: 'ALREADY_ACCUSED' } }] })
  await t.rejects(look(evidence, chainOf(), new WitanError('CONFIRMATION_NEEDED', 'nobody there')), {
    code: 'CONFIRMATION_NEEDED',
  })
  await t.rejects(look(evidence, chainOf(), new TypeError('a bug')), TypeError)
})

t.test('a court that lost its role gives the watcher its bonds back, and nobody is accused before it', async (t) => {
  const accusations = [
    { state: 'open', executableAt: NOW - 1, challenger: WATCHER },
    { state: 'open', executableAt: NOW + 1, challenger: WATCHER },
    { state: 'open', executableAt: NOW - 1, challenger: `0x${'bb'.repeat(20)}` },
    { state: 'executed', executableAt: NOW - 1, challenger: WATCHER },
  ]
  const { acted, report } = await look(faultyEvidence(1), chainOf(accusations, [], { maySlash: async () => false }))
  t.strictSame(acted, ['dismiss 1', 'dismiss 2'])
  t.match(report, { maySlash: false, failed: [] })
})

t.test('it accuses of no more than the court has room for; the rest comes later', async (t) => {
  const faults = [1, 2, 3].map((nonce) => faultyEvidence(nonce))
  const { acted, report } = await look(faults.flat(), chainOf([], [], { roomFor: async () => 2 }))
  t.strictSame(acted, faults.slice(0, 2).map(digestOf))
  t.match(report, { known: 0, ahead: 1 })
})

t.test('however many keys the evidence names, the chain is asked about a few at a time', async (t) => {
  const keys = Array.from({ length: 200 }, (_, index) => createSigner(new Uint8Array(32).fill(1 + index)))
  let open = 0
  let most = 0
  const counted =
    <T>(answer: T) =>
    async (): Promise<T> => {
      most = Math.max(most, ++open)
      await new Promise(setImmediate)
      open--
      return answer
    }
  const court = {
    keyRecord: counted({ nodeId: 1n, retiredAt: 0 }),
    accusationOf: counted(undefined),
    roomFor: counted(1_000),
  }
  const evidence = keys.flatMap((key) => faultyEvidence(1, key))
  const { acted } = await look(evidence, chainOf([], [], court))
  t.equal(acted.length, 200)
  t.ok(most <= 32, `${most} at a time`)

  let asked = 0
  const keyRecord = async () => {
    asked++
    await new Promise(setImmediate)
    throw new WitanError('RPC_UNAVAILABLE', 'no endpoint')
  }
  await t.rejects(look(evidence, chainOf([], [], { keyRecord })), { code: 'RPC_UNAVAILABLE' })
  for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate)
  t.ok(asked <= 32, `a dead endpoint is asked ${asked} times`)
})

t.test('it looks until it is stopped, whatever a look comes to', async (t) => {
  const clock = createManualClock(NOW * 1000)
  const stopping = new AbortController()
  const seen: string[] = []
  const told = [Promise.withResolvers<void>(), Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const endings = [
    async () => 'one',
    () => Promise.reject(new WitanError('RPC_UNAVAILABLE', 'no endpoint')),
    async () => 'three',
  ]
  const tell = (what: string) => {
    told[seen.length]!.resolve()
    seen.push(what)
  }
  const running = watchUntilStopped(
    { pauseMs: 60_000 },
    {
      look: () => endings[seen.length]!(),
      onReport: tell,
      onError: ({ code }) => tell(code),
      clock,
      signal: stopping.signal,
    },
  )
  for (const turn of told) {
    await turn.promise
    t.ok(seen.length <= told.length)
    await clock.advance(59_999)
    const before = seen.length
    await new Promise(setImmediate)
    t.equal(seen.length, before, 'not before its time')
    if (turn === told.at(-1)) stopping.abort()
    else await clock.advance(1)
  }
  await running
  t.strictSame(seen, ['one', 'RPC_UNAVAILABLE', 'three'])
  const nobody = watchUntilStopped(
    { pauseMs: 1 },
    {
      look: () => Promise.reject(new WitanError('CONFIRMATION_NEEDED', 'nobody there')),
      onReport: () => undefined,
      onError: () => undefined,
      clock,
      signal,
    },
  )
  await t.rejects(nobody, { code: 'CONFIRMATION_NEEDED' })
})
