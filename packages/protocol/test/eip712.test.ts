import t from 'tap'
import { bytesToHex, type Hex, hexToBytes, isHex, parseAddress } from '../src/bytes/hex.js'
import { type Commitment, commitmentHash } from '../src/commitment.js'
import { isSignedBy, recoverAddress } from '../src/crypto/signature.js'
import { createSigner } from '../src/crypto/signer.js'
import { type AddressRecord, announcementDigest, recordDigest } from '../src/eip712/announcement.js'
import { typedDataDigest } from '../src/eip712/domain.js'
import { type OperatorConsent, operatorConsentDigest, signOperatorConsent } from '../src/eip712/operator-consent.js'
import { type RequestIdentity, requestDigest } from '../src/eip712/request-digest.js'
import { WordEncoder } from '../src/eip712/word-encoder.js'
import { type Receipt, receiptBatchDigest, receiptStructHash } from '../src/receipts/receipt.js'
import { recordOperator, signRecord, verifyRecord } from '../src/record/signed-record.js'
import { domains, separators, typed, vectors } from './vectors.js'

const signer = createSigner(hexToBytes(vectors.privateKey))

t.test('typed data hashes as ethers does', (t) => {
  t.same(
    separators,
    vectors.domains.map(({ separator }) => separator),
  )
  for (const { domain, value, digest, signature } of vectors.operatorConsent) {
    const consent = typed<OperatorConsent>(value, ['deadline'], ['nonce'])
    t.equal(bytesToHex(operatorConsentDigest(domains[domain]!, consent)), digest)
    t.equal(signOperatorConsent(consent, signer, domains[domain]!), signature)
  }
  for (const vector of vectors.addressRecord) {
    const record = typed<AddressRecord>(vector.value, ['seq', 'expiry'])
    t.equal(bytesToHex(recordDigest(record)), vector.recordDigest)
    t.equal(bytesToHex(announcementDigest(domains[vector.domain]!, record)), vector.digest)
    t.equal(signRecord(record, signer, domains[vector.domain]!).signature, vector.signature)
  }
  for (const { domain, value, digest } of vectors.inferRequest) {
    t.equal(requestDigest(domains[domain]!, typed<RequestIdentity>(value, ['netuid', 'deadline'])), digest)
  }
  for (const { domain, value, structHash, digest } of vectors.receipt) {
    const receipt = typed<Receipt>(value, ['units', 'startedAt', 'finishedAt'], ['price'])
    t.equal(bytesToHex(receiptStructHash(receipt)), structHash)
    t.equal(bytesToHex(typedDataDigest(domains[domain]!, receiptStructHash(receipt))), digest)
  }
  for (const { domain, value, digest, signature } of vectors.receiptBatch) {
    const computed = receiptBatchDigest(domains[domain]!, hexToBytes(value.root!), Number(value.count))
    t.equal(bytesToHex(computed), digest)
    t.equal(bytesToHex(signer.signDigest(computed)), signature)
    t.ok(isSignedBy(vectors.address, computed, hexToBytes(signature)))
  }
  t.end()
})

t.test('commitments hash as the contract does', (t) => {
  for (const { value, hash } of vectors.commitment) {
    const { packedRow, ...rest } = value
    const fields = typed<Commitment>(rest, ['chainId', 'netuid', 'epoch', 'registeredAt'], ['nodeId', 'version'])
    t.equal(commitmentHash({ ...fields, packedRow: packedRow.map(BigInt) }), hash)
  }
  t.end()
})

t.test('a record is held against operator, time and chain', (t) => {
  const domain = domains[0]!
  const record = signRecord({ multiaddrs: ['/ip4/127.0.0.1/tcp/1'], seq: 3, expiry: 1_000 }, signer, domain)
  const operator = signer.address
  const digest = bytesToHex(recordDigest(record))
  verifyRecord(record, { operator, nowSeconds: 999, digest }, domain)
  verifyRecord(record, { operator, nowSeconds: 999 }, domain)
  t.equal(recordOperator(record, domain), operator)
  const stranger = vectors.domains[0]!.verifyingContract
  const refused = (expected: Parameters<typeof verifyRecord>[1], code: string, changed = record) =>
    t.throws(() => verifyRecord(changed, expected, domain), { code })
  refused({ operator, nowSeconds: 1_000 }, 'RECORD_EXPIRED')
  refused({ operator, nowSeconds: 0, digest: separators[0]! }, 'RECORD_DIGEST_MISMATCH')
  refused({ operator: stranger, nowSeconds: 0 }, 'RECORD_SIGNER_MISMATCH')
  refused({ operator, nowSeconds: 0 }, 'RECORD_SIGNER_MISMATCH', { ...record, seq: 4 })
  refused({ operator, nowSeconds: 0 }, 'RECORD_SIGNER_MISMATCH', { ...record, signature: `0x${'11'.repeat(65)}` })
  t.throws(() => verifyRecord(record, { operator, nowSeconds: 0 }, domains[1]!), { code: 'RECORD_SIGNER_MISMATCH' })
  t.end()
})

t.test('words that do not fit are bugs', (t) => {
  const encoder = () => new WordEncoder(1)
  for (const value of [-1, 1.5, 2 ** 53, -1n, 2n ** 256n]) t.throws(() => encoder().uint(value), RangeError)
  for (const hex of ['0x', `0x${'00'.repeat(31)}`, `0x${'zz'.repeat(32)}`]) {
    t.throws(() => encoder().digest(hex as Hex), RangeError)
  }
  t.throws(() => encoder().hash(), RangeError)
  t.throws(() => encoder().uint(1).uint(1), RangeError)
  const reused = encoder().uint(2n ** 256n - 1n)
  t.same(reused.rewind().uint(7).hash(), encoder().uint(7n).hash(), 'no rest of the word before')
  t.end()
})

t.test('hex and addresses from outside', (t) => {
  t.ok(isHex('0x') && isHex('0xab', 1))
  for (const bad of ['0xAB', '0xa', 'ab', '0x0g', 7]) t.notOk(isHex(bad))
  t.throws(() => hexToBytes('0xab', 2), { code: 'HEX_INVALID', facts: { value: '0xab', expectedBytes: 2 } })
  t.equal(parseAddress(`0x${'Ab'.repeat(20)}`), `0x${'ab'.repeat(20)}`)
  t.throws(() => parseAddress('0x12'), { code: 'ADDRESS_INVALID' })
  t.throws(() => recoverAddress(new Uint8Array(31), new Uint8Array(65)), RangeError)
  t.end()
})
