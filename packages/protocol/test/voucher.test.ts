import { readFileSync } from 'node:fs'
import t from 'tap'
import {
  type Address,
  bytesToHex,
  channelIdOf,
  checkVoucher,
  createDomain,
  createSigner,
  type Hex,
  hexToBytes,
  signVoucher,
  voucherDigest,
} from '../src/index.js'

interface Case {
  readonly chainId: number
  readonly verifyingContract: Address
  readonly terms: { consumer: Address; nodeId: number; netuid: number; modelId: string; openNonce: string }
  readonly channelId: Hex
  readonly cumulative: string
  readonly receiptDigest: Hex
  readonly digest: Hex
  readonly signature: Hex
}

/** The contract's tests read the same file. */
const file = new URL('../../test/vectors/vouchers.json', import.meta.url)
const vectors: { privateKey: Hex; address: Address; cases: Case[] } = JSON.parse(readFileSync(file, 'utf8'))
const signer = createSigner(hexToBytes(vectors.privateKey))

t.test('ids, digests and signatures are those of ethers and of the contract', async (t) => {
  t.equal(signer.address, vectors.address)
  t.equal(vectors.cases.length, 3)
  for (const { terms, channelId, cumulative, receiptDigest, digest, signature, ...where } of vectors.cases) {
    const domain = createDomain(where)
    const { consumer, netuid } = terms
    const [nodeId, modelId, openNonce] = [BigInt(terms.nodeId), BigInt(terms.modelId), BigInt(terms.openNonce)]
    t.equal(channelIdOf(domain, { consumer, nodeId, netuid, modelId, openNonce }), channelId)
    t.not(channelIdOf(domain, { consumer, nodeId, netuid, modelId, openNonce: openNonce + 1n }), channelId)
    const voucher = { channelId, cumulative: BigInt(cumulative), receiptDigest }
    t.equal(bytesToHex(voucherDigest(domain, voucher)), digest)
    t.strictSame(signVoucher(voucher, signer, domain), { voucher, signature })
  }
})

t.test('a voucher is held against its channel', async (t) => {
  const [first, second] = vectors.cases as [Case, Case]
  const domain = createDomain(first)
  const { channelId, receiptDigest } = first
  const expected = { channelId, consumer: signer.address, deposit: 100n, owed: 40n }
  const signed = (cumulative: bigint) => signVoucher({ channelId, cumulative, receiptDigest }, signer, domain)
  for (const cumulative of [40n, 100n]) t.doesNotThrow(() => checkVoucher(signed(cumulative), expected, domain))

  const refused = (voucher: ReturnType<typeof signed>, field: string, other = domain) =>
    t.throws(() => checkVoucher(voucher, expected, other), { code: 'VOUCHER_INVALID', facts: { field } }, field)
  refused(signed(39n), 'cumulative')
  refused(signed(101n), 'cumulative')
  refused(signVoucher({ channelId: second.channelId, cumulative: 50n, receiptDigest }, signer, domain), 'channelId')
  refused(signed(50n), 'signature', createDomain(second))
  const stranger = createSigner(hexToBytes(`0x${'11'.repeat(32)}`))
  refused(signVoucher({ channelId, cumulative: 50n, receiptDigest }, stranger, domain), 'signature')
  refused({ voucher: signed(50n).voucher, signature: signed(60n).signature }, 'signature')
  refused({ voucher: signed(50n).voucher, signature: `0x${'00'.repeat(65)}` }, 'signature')
})
