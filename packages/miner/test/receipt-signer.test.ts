import {
  createDomain,
  createReceiptVerifier,
  createSigner,
  keccak256Hex,
  MAX_BATCH_RECEIPTS,
  type Receipt,
  type Signer,
  ZERO_DIGEST,
} from '@witan/protocol'
import t from 'tap'
import { createReceiptSigner } from '../src/receipt-signer.js'

const domain = createDomain({ chainId: 31_337, verifyingContract: `0x${'11'.repeat(20)}` })
const key = createSigner(new Uint8Array(32).fill(7))

function receiptOf(request: number): Receipt {
  return {
    requestDigest: keccak256Hex(Buffer.from(`request ${request}`)),
    responseDigest: keccak256Hex(Buffer.from(`response ${request}`)),
    evidenceDigest: ZERO_DIGEST,
    modelVersion: ZERO_DIGEST,
    policy: ZERO_DIGEST,
    units: 1,
    price: 5n,
    channel: ZERO_DIGEST,
    startedAt: 1,
    finishedAt: 2,
  }
}

/** The operator key, noting what it does. */
function observedSigner(events: string[]): Signer {
  return {
    ...key,
    signDigest(digest) {
      events.push('signed')
      return key.signDigest(digest)
    },
  }
}

function setUp(beforeSign?: (receipts: readonly Receipt[]) => void) {
  const events: string[] = []
  const journal = (receipts: readonly Receipt[]) => {
    events.push(`journalled ${receipts.length}`)
    beforeSign?.(receipts)
  }
  return { events, signer: createReceiptSigner({ domain }, { signer: observedSigner(events), beforeSign: journal }) }
}

t.test('what is due in one turn shares a journal write and a signature', async (t) => {
  const { events, signer } = setUp()
  const receipts = Array.from({ length: 64 }, (_, index) => receiptOf(index))
  const signed = await Promise.all(receipts.map((receipt) => signer.sign(receipt)))
  t.same(events, ['journalled 64', 'signed'])
  const verifier = createReceiptVerifier(domain)
  t.ok(signed.every((one, index) => one.receipt === receipts[index] && verifier.verify(one) === key.address))
  t.equal(signed[0]!.batch.count, 64)
})

t.test('a receipt alone is a batch of one', async (t) => {
  const { events, signer } = setUp()
  const { proof, batch } = await signer.sign(receiptOf(1))
  await signer.sign(receiptOf(2))
  t.same(proof, [])
  t.equal(batch.count, 1)
  t.same(events, ['journalled 1', 'signed', 'journalled 1', 'signed'])
})

t.test('more than a batch may hold is signed as several', async (t) => {
  const { events, signer } = setUp()
  const signed = await Promise.all(
    Array.from({ length: MAX_BATCH_RECEIPTS + 1 }, (_, index) => signer.sign(receiptOf(index))),
  )
  t.same(events, [`journalled ${MAX_BATCH_RECEIPTS}`, 'signed', 'journalled 1', 'signed'])
  const verifier = createReceiptVerifier(domain)
  t.ok(signed.every((one) => verifier.verify(one) === key.address))
})

t.test('nothing is signed that could not be written down, and the next batch goes on', async (t) => {
  let full = true
  const { events, signer } = setUp(() => {
    if (full) throw new Error('disk full')
  })
  const results = await Promise.allSettled([signer.sign(receiptOf(1)), signer.sign(receiptOf(2))])
  t.ok(results.every((result) => result.status === 'rejected' && String(result.reason).includes('disk full')))
  t.same(events, ['journalled 2'])
  full = false
  const again = await signer.sign(receiptOf(1))
  t.equal(again.batch.count, 1)
})
