import t from 'tap'
import { bytesToHex, hexToBytes, ZERO_DIGEST } from '../src/bytes/hex.js'
import { keccak256, keccak256Hex } from '../src/crypto/keccak256.js'
import { createSigner } from '../src/crypto/signer.js'
import { hashPair, MerkleTree, maxProofLength, rootOfProof } from '../src/merkle/merkle-tree.js'
import { checkReceipt } from '../src/receipts/check-receipt.js'
import { MAX_PROOF_SIBLINGS, type Receipt, receiptStructHash, type SignedReceipt } from '../src/receipts/receipt.js'
import { createReceiptVerifier, verifyReceipt } from '../src/receipts/receipt-verifier.js'
import { signReceiptBatch } from '../src/receipts/sign-receipt-batch.js'
import { RandomBytes } from './random-bytes.js'
import { domains, vectors } from './vectors.js'
import { digest } from './wire-samples.js'

const random = new RandomBytes(77)
const domain = domains[0]!
const signer = createSigner(hexToBytes(vectors.privateKey))
const output = Buffer.from('once upon a time')

const receipt = (change: Partial<Receipt> = {}): Receipt => ({
  requestDigest: digest(random),
  responseDigest: keccak256Hex(output),
  evidenceDigest: ZERO_DIGEST,
  modelVersion: digest(random),
  policy: ZERO_DIGEST,
  units: 1,
  price: 5n,
  channel: ZERO_DIGEST,
  startedAt: 10,
  finishedAt: 20,
  ...change,
})

t.test('every leaf of every tree proves', (t) => {
  for (let size = 1; size <= 33; size++) {
    const leaves = Array.from({ length: size }, () => random.bytes(32))
    const tree = new MerkleTree(leaves)
    for (const [index, leaf] of leaves.entries()) {
      const proof = tree.proof(index)
      if (proof.length > maxProofLength(size)) t.fail(`long proof of leaf ${index} of ${size}`)
      t.same(rootOfProof(leaf, proof), tree.root, `leaf ${index} of ${size}`)
    }
  }
  const [a, b, c] = [random.bytes(32), random.bytes(32), random.bytes(32)]
  t.same(new MerkleTree([a]).root, a, 'a batch of one has root = leaf')
  t.same(hashPair(a, b), hashPair(b, a))
  t.same(new MerkleTree([a, b, c]).root, hashPair(hashPair(a, b), c))
  t.throws(() => new MerkleTree([]), RangeError)
  t.throws(() => new MerkleTree([a]).proof(1), RangeError)
  t.equal(MAX_PROOF_SIBLINGS, 10)
  t.end()
})

t.test('signed batches verify, alone and together', (t) => {
  const verifier = createReceiptVerifier(domain)
  for (const size of [1, 2, 7, 64]) {
    const receipts = Array.from({ length: size }, () => receipt())
    const signed = signReceiptBatch(receipts, signer, domain)
    t.same(
      signed.map((item) => item.receipt),
      receipts,
    )
    for (const item of signed) t.equal(verifier.verify(item), signer.address)
    t.equal(verifyReceipt(signed.at(-1)!, domain), signer.address)
  }
  const [single] = signReceiptBatch([receipt()], signer, domain)
  t.same(single!.proof, [])
  t.equal(single!.batch.root, bytesToHex(keccak256(receiptStructHash(single!.receipt))))
  t.throws(() => signReceiptBatch(Array(1025).fill(receipt()), signer, domain), RangeError)
  t.end()
})

t.test('what is wrong with a signed receipt', (t) => {
  const [first, second] = signReceiptBatch([receipt(), receipt(), receipt()], signer, domain) as [
    SignedReceipt,
    SignedReceipt,
  ]
  const verifier = createReceiptVerifier(domain)
  verifier.verify(first)
  const refused = (signed: SignedReceipt, code: string) => {
    t.throws(() => verifier.verify(signed), { code })
    t.throws(() => verifyReceipt(signed, domain), { code })
  }
  const withBatch = (change: Partial<SignedReceipt['batch']>) => ({ ...first, batch: { ...first.batch, ...change } })
  refused({ ...first, proof: second.proof }, 'RECEIPT_PROOF_INVALID')
  refused({ ...first, receipt: { ...first.receipt, price: 6n } }, 'RECEIPT_PROOF_INVALID')
  refused({ ...first, proof: [...first.proof, digest(random), digest(random)] }, 'RECEIPT_PROOF_INVALID')
  refused(withBatch({ root: digest(random) }), 'RECEIPT_PROOF_INVALID')
  for (const count of [0, 1025, 1.5]) refused(withBatch({ count }), 'RECEIPT_PROOF_INVALID')
  refused(withBatch({ signature: '0x00' }), 'RECEIPT_SIGNATURE_INVALID')
  refused(withBatch({ signature: `0x${'00'.repeat(64)}1b` }), 'RECEIPT_SIGNATURE_INVALID')
  t.not(verifier.verify(withBatch({ count: 4 })), signer.address, 'another count was not signed')
  t.not(createReceiptVerifier(domains[1]!).verify(first), signer.address, 'another domain was not signed')
  t.end()
})

t.test('what the verifier remembers of a batch makes no false proof true', (t) => {
  const signed = signReceiptBatch(Array.from({ length: 13 }, receipt), signer, domain)
  const verifier = createReceiptVerifier(domain)
  for (const item of signed) verifier.verify(item)
  for (const [index, item] of signed.entries()) {
    for (const level of item.proof.keys()) {
      const code = 'RECEIPT_PROOF_INVALID'
      t.throws(() => verifier.verify({ ...item, proof: item.proof.with(level, digest(random)) }), { code })
      t.throws(() => verifier.verify({ ...item, proof: item.proof.toSpliced(level, 1) }), { code })
    }
    const other = signed[(index + 1) % signed.length]!
    t.throws(() => verifier.verify({ ...item, receipt: { ...other.receipt, units: 3 } }), 'another receipt')
    t.equal(verifier.verify(item), signer.address)
  }
  t.end()
})

t.test('the verifier forgets old batches and still verifies them', (t) => {
  const verifier = createReceiptVerifier(domain, { rememberedBatches: 1 })
  const [a] = signReceiptBatch([receipt()], signer, domain)
  const [b] = signReceiptBatch([receipt()], signer, domain)
  for (const signed of [a!, b!, a!, a!]) t.equal(verifier.verify(signed), signer.address)
  t.end()
})

t.test('a receipt is held against request and output', (t) => {
  const good = receipt()
  const request = { ...good, maxPrice: 5n }
  checkReceipt(good, request, output)
  const refused = (change: Partial<Receipt>, field: string) =>
    t.throws(() => checkReceipt({ ...good, ...change }, request, output), {
      code: 'RECEIPT_MISMATCH',
      facts: { field },
    })
  refused({ requestDigest: digest(random) }, 'requestDigest')
  refused({ modelVersion: digest(random) }, 'modelVersion')
  refused({ policy: digest(random) }, 'policy')
  refused({ price: 6n }, 'price')
  refused({ finishedAt: 9 }, 'finishedAt')
  t.throws(() => checkReceipt(good, request, Buffer.from('other')), {
    code: 'RECEIPT_MISMATCH',
    facts: { field: 'responseDigest' },
  })
  t.end()
})
