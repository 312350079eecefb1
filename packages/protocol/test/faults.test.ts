import t from 'tap'
import {
  createDomain,
  createSigner,
  type Evidence,
  type FaultRules,
  faultAt,
  findFaults,
  type Hex,
  parseEvidence,
  printEvidence,
  type Receipt,
  type RequestIdentity,
  requestDigest,
  type SignedReceipt,
  signReceiptBatch,
  ZERO_DIGEST,
} from '../src/index.js'

const NOW = 1_800_000_000
const DAY = 86_400
const domain = createDomain({ chainId: 31_337, verifyingContract: `0x${'5b'.repeat(20)}` })
const elsewhere = createDomain({ chainId: 1, verifyingContract: `0x${'5b'.repeat(20)}` })
const miner = createSigner(new Uint8Array(32).fill(7))
const before = createSigner(new Uint8Array(32).fill(8))
const stranger = createSigner(new Uint8Array(32).fill(9))

const rules = (overrides: Partial<FaultRules> & { retiredAt?: number } = {}): FaultRules => ({
  domain,
  keyRecord: (key) => ({
    nodeId: key === miner.address || key === before.address ? 5n : 0n,
    retiredAt: key === before.address ? (overrides.retiredAt ?? NOW - DAY) : 0,
  }),
  nowSeconds: NOW,
  unbondingSeconds: 14 * DAY,
  ...overrides,
})

const word = (byte: number): Hex => `0x${byte.toString(16).padStart(2, '0').repeat(32)}`

const requestOf = (overrides: Partial<RequestIdentity> = {}): RequestIdentity => ({
  consumer: `0x${'c0'.repeat(20)}`,
  miner: miner.address,
  nonce: word(1),
  netuid: 1,
  modelVersion: word(0xa1),
  policy: ZERO_DIGEST,
  deadline: NOW * 1000 + 30_000,
  samplingDigest: word(3),
  inputDigest: word(4),
  ...overrides,
})

const receiptOf = (request: RequestIdentity, overrides: Partial<Receipt> = {}): Receipt => ({
  requestDigest: requestDigest(domain, request),
  responseDigest: word(0xe0),
  evidenceDigest: ZERO_DIGEST,
  modelVersion: request.modelVersion,
  policy: request.policy,
  units: 1,
  price: 0n,
  channel: ZERO_DIGEST,
  startedAt: NOW * 1000,
  finishedAt: NOW * 1000 + 5,
  ...overrides,
})

const signed = (receipt: Receipt, signer = miner, under = domain): SignedReceipt =>
  signReceiptBatch([receipt], signer, under)[0]!

t.test('two answers, or other terms than asked, are faults; a repetition is none', async (t) => {
  const request = requestOf()
  const one = receiptOf(request)
  const two = receiptOf(request, { responseDigest: word(0xe1) })
  const kinds = (receipts: SignedReceipt[], more: Partial<FaultRules> = {}) =>
    findFaults(receipts, [request], rules(more)).faults.map(({ kind }) => kind)
  t.strictSame(kinds([]), [])
  t.strictSame(kinds([signed(one)]), [])
  t.strictSame(kinds([signed(one), signReceiptBatch([two, one], miner, domain)[1]!]), [], 'in another batch')
  t.strictSame(kinds([signed(one), signed({ ...one, units: 2, price: 7n })]), [], 'the answer is the same')
  t.strictSame(kinds([signed(one), signed(two)]), ['two-answers'])
  t.strictSame(kinds([signed(two), signed(one), signed(one), signed(two)]), ['two-answers'], 'once')
  t.strictSame(kinds([signed({ ...one, modelVersion: word(0xa2) })]), ['other-terms'])
  t.strictSame(kinds([signed({ ...one, policy: word(1) })]), ['other-terms'])
  t.strictSame(kinds([signed({ ...one, policy: word(1) }), signed(two)]), ['two-answers'], 'one a request')
})

t.test('what does not concern the node proves nothing', async (t) => {
  const request = requestOf()
  const one = signed(receiptOf(request))
  const second = receiptOf(request, { responseDigest: word(0xe1) })
  const find = (receipts: SignedReceipt[], requests: RequestIdentity[], more: Parameters<typeof rules>[0] = {}) =>
    findFaults(receipts, requests, rules(more))
  t.strictSame(find([one, signed(second, stranger)], [request]).faults, [], 'a stranger signed it')
  t.strictSame(find([one, signed(second)], []).faults, [], 'without the request')
  t.strictSame(find([one, signed(second)], [requestOf({ nonce: word(9) })]).faults, [], 'another request')
  t.strictSame(find([one, signed(second)], [requestOf({ miner: stranger.address })]).faults, [], 'nobody was asked')
  const abroad = find([one, signed(second, miner, elsewhere)], [request])
  t.strictSame(abroad.faults, [], 'signed for another network')

  t.equal(find([one, signed(second, before)], [request], { retiredAt: NOW }).faults.length, 1, 'a former key')
  t.equal(find([one, signed(second, before)], [request]).faults.length, 0, 'after its time')
  const forged = { ...one, receipt: second }
  const found = find([one, forged], [request])
  t.strictSame(found.faults, [])
  t.match(found.forged, [{ error: { code: 'RECEIPT_PROOF_INVALID' } }])
})

t.test('a fault has the date of its request, whatever the receipts say', async (t) => {
  const find = (deadlineSeconds: number) => {
    const request = requestOf({ deadline: deadlineSeconds * 1000 })
    const times = { startedAt: 0, finishedAt: 0 }
    const receipts = [word(1), word(2)].map((responseDigest) =>
      signed(receiptOf(request, { responseDigest, ...times })),
    )
    const { faults, ahead } = findFaults(receipts, [request], rules())
    return [faults.length, ahead]
  }
  t.strictSame(find(NOW), [1, 0])
  t.strictSame(find(NOW + 600), [1, 0])
  t.strictSame(find(NOW + 601), [0, 1], 'to be judged later')
  t.strictSame(find(NOW - 14 * DAY), [1, 0])
  t.strictSame(find(NOW - 14 * DAY - 1), [0, 0], 'too old')
  t.equal(faultAt({ deadline: NOW * 1000 + 999 }), NOW - 600)
  t.equal(faultAt({ deadline: 1 }), 0)
})

t.test('evidence is read as it was written, and nothing else is', async (t) => {
  const request = requestOf()
  const [, second] = signReceiptBatch([receiptOf(request), receiptOf(request, { price: 2n ** 200n })], miner, domain)
  const evidence: Evidence = { request, signed: second! }
  const text = printEvidence(evidence)
  t.strictSame(parseEvidence(text), evidence)
  t.strictSame(parseEvidence(JSON.stringify({ text: 'answer', ...JSON.parse(text) }, undefined, 2)), evidence)
  const unreadable = (broken: string, name: string) =>
    t.throws(() => parseEvidence(broken), { code: 'EVIDENCE_UNREADABLE' }, name)
  for (let cut = 0; cut < text.length; cut += 7) unreadable(text.slice(0, cut), `cut at ${cut}`)
  for (const broken of ['null', '7', '[]', '{}', '{"request":{}}']) unreadable(broken, broken)
  const value = JSON.parse(text)
  for (const group of ['request', 'receipt', 'batch']) {
    for (const field of Object.keys(value[group])) {
      for (const wrong of [null, -1, 1.5, '', '0x', 'text', {}, []]) {
        unreadable(JSON.stringify({ ...value, [group]: { ...value[group], [field]: wrong } }), `${group}.${field}`)
      }
    }
  }
  unreadable(JSON.stringify({ ...value, proof: ['0x12'] }), 'proof')
})
