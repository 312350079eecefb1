// What a watcher does with what it found, on a chain that only remembers what was asked of it.
import {
  createDomain,
  createSigner,
  type Evidence,
  requestDigest,
  signReceiptBatch,
  WitanError,
  ZERO_DIGEST,
} from '@witan/protocol'
import { createManualClock } from '@witan/runtime'
import t from 'tap'
import type { FaultChain } from '../src/watch/find-new-faults.js'
import { type WatchAction, watchOnce } from '../src/watch/watch-pass.js'
import { watchUntilStopped } from '../src/watch/watch-until-stopped.js'

const NOW = 1_800_000_000
const subnets = `0x${'5b'.repeat(20)}` as const
const domain = createDomain({ chainId: 31_337, verifyingContract: subnets })
const miner = createSigner(new Uint8Array(32).fill(7))
const signal = new AbortController().signal

/** Two answers to one request. */
function faultyEvidence(nonce: number): Evidence[] {
  const word = (byte: number) => `0x${byte.toString(16).padStart(2, '0').repeat(32)}` as const
  const request = {
    consumer: `0x${'c0'.repeat(20)}` as const,
    miner: miner.address,
    nonce: word(nonce),
    netuid: 1,
    modelVersion: word(1),
    policy: ZERO_DIGEST,
    deadline: NOW * 1000,
    samplingDigest: word(2),
    inputDigest: word(3),
  }
  return [word(4), word(5)].map((responseDigest) => {
    const receipt = {
      requestDigest: requestDigest(domain, request),
      responseDigest,
      evidenceDigest: ZERO_DIGEST,
      modelVersion: request.modelVersion,
      policy: request.policy,
      units: 1,
      price: 0n,
      channel: ZERO_DIGEST,
      startedAt: 0,
      finishedAt: 0,
    }
    return { request, signed: signReceiptBatch([receipt], miner, domain)[0]! }
  })
}

function chainOf(
  accusations: readonly { state: string; executableAt: number }[] = [],
  accused: readonly string[] = [],
) {
  return {
    network: { chainId: 31_337, contracts: { subnets } },
    latestBlock: async () => ({ timestamp: NOW }),
    vault: { unbondingSeconds: async () => 1_000 },
    court: {
      keyRecord: async () => ({ nodeId: 1n, retiredAt: 0 }),
      accusationOf: async (digest: string) => (accused.includes(digest) ? 1n : undefined),
      accusations: async () => accusations.map((each, index) => ({ accusationId: BigInt(index + 1), ...each })),
    },
  } as unknown as FaultChain
}

/** Looks once; what it would send is noted, and `refusal` is thrown at the first. */
async function look(evidence: Evidence[], chain: FaultChain, refusal?: unknown) {
  const acted: string[] = []
  const act = async (action: WatchAction) => {
    acted.push(action.action === 'accuse' ? action.fault.requestDigest : `execute ${action.due.accusationId}`)
    if (refusal !== undefined && acted.length === 1) throw refusal
    return acted.length
  }
  const report = await watchOnce({ evidence, unreadable: [] }, { chain, act, signal })
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
  t.match(report, { receipts: 6, known: 1, ahead: 0, forged: [], failed: [], done: [{ sent: 1 }, { sent: 2 }] })
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
