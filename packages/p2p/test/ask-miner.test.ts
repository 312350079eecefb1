// What a consumer makes of what a miner signed.
import {
  createDomain,
  createReceiptVerifier,
  createSigner,
  type Hex,
  keccak256Hex,
  type Receipt,
  type RequestIdentity,
  requestDigest,
  requestIdentityOf,
  type SignedReceipt,
  signReceiptBatch,
  WitanError,
  ZERO_DIGEST,
} from '@witan/protocol'
import { createManualClock, createSeededRandom } from '@witan/runtime'
import t from 'tap'
import { type AskMinerModules, askMiner } from '../src/index.js'

const domain = createDomain({ chainId: 31_337, verifyingContract: `0x${'5b'.repeat(20)}` })
const miner = createSigner(new Uint8Array(32).fill(7))
const stranger = createSigner(new Uint8Array(32).fill(9))
const consumer = `0x${'c0'.repeat(20)}` as const
const input = new Uint8Array([1, 2, 3])
const output = new TextEncoder().encode('answer')
const word = (byte: string): Hex => `0x${byte.repeat(32)}`
const VERSION = word('a1')

/** Asks once; the miner answers with `change` in its receipt. Tells what was heard of, too. */
async function ask(change: Partial<Receipt> = {}, signer = miner) {
  const heard: { request: RequestIdentity; signed: SignedReceipt }[] = []
  const client: AskMinerModules['client'] = {
    async infer(_peer, head) {
      const request = requestIdentityOf({ consumer, miner: miner.address }, head, input)
      const receipt: Receipt = {
        requestDigest: requestDigest(domain, request),
        responseDigest: keccak256Hex(output),
        evidenceDigest: ZERO_DIGEST,
        modelVersion: head.modelVersion,
        policy: head.policy,
        units: 1,
        price: 0n,
        channel: ZERO_DIGEST,
        startedAt: 1,
        finishedAt: 2,
        ...change,
      }
      const timing = { queueMs: 0, firstMs: 1, totalMs: 1 }
      return { output, closing: { timing, receipt: signReceiptBatch([receipt], signer, domain)[0]! } }
    },
  }
  const question = {
    miner: miner.address,
    multiaddrs: [],
    netuid: 1,
    modelVersion: VERSION,
    input,
    timeoutMs: 1_000,
    onSigned: (request: RequestIdentity, signed: SignedReceipt) => void heard.push({ request, signed }),
  }
  const clock = createManualClock(1_000)
  const random = createSeededRandom('asking')
  const asking = askMiner(question, {
    client,
    consumer,
    domain,
    verifier: createReceiptVerifier(domain),
    clock,
    random,
  })
  const answer = await asking.catch((error: WitanError) => error)
  return { answer, heard }
}

t.test('an answer that holds is heard of once', async (t) => {
  const { answer, heard } = await ask()
  t.notOk(answer instanceof WitanError)
  t.match(heard, [{ request: { modelVersion: VERSION }, signed: { receipt: { modelVersion: VERSION } } }])
})

t.test('an answer under other terms is refused, and its receipt is not lost', async (t) => {
  for (const change of [{ modelVersion: word('a2') }, { policy: word('b2') }, { responseDigest: word('c2') }]) {
    const { answer, heard } = await ask(change)
    t.match(answer, { code: 'RECEIPT_MISMATCH', facts: { field: Object.keys(change)[0] } })
    t.match(heard, [{ signed: { receipt: change } }])
  }
})

t.test('what proves nothing about the miner is not heard of', async (t) => {
  const elsewhere = await ask({ requestDigest: word('d2') })
  t.match(elsewhere, { answer: { code: 'RECEIPT_MISMATCH', facts: { field: 'requestDigest' } }, heard: [] })
  const forged = await ask({}, stranger)
  t.match(forged, { answer: { code: 'RECEIPT_SIGNER_MISMATCH' }, heard: [] })
})
