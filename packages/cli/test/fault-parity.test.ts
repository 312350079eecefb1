// The rule by which a watcher finds faults and the court's are one: random evidence, held against both.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openKeystore } from '@witan/chain'
import {
  type Address,
  bytesToHex,
  createDomain,
  type Evidence,
  type Fault,
  findFaults,
  type Hex,
  isWitanError,
  type RequestIdentity,
  requestDigest,
  type SignedReceipt,
  type Signer,
  signReceiptBatch,
  ZERO_DIGEST,
} from '@witan/protocol'
import { createSeededRandom } from '@witan/runtime'
import t from 'tap'
import { CREATE_READING, deployNetwork } from './support/deployed-network.js'

const CASES = 300
const DAY = 86_400
const UNBONDING = 14 * DAY
const REFUSALS = ['EVIDENCE_INVALID', 'EVIDENCE_TOO_OLD', 'EVIDENCE_AHEAD']

t.setTimeout(240_000)

const KEYS = ['miner', 'successor', 'other', 'stranger']
const { addresses, client, directory, witan, send, advance } = await deployNetwork(t, KEYS)
const asOwner = ['--key', 'owner', '--yes']
await witan(...CREATE_READING, ...asOwner)
for (const key of ['miner', 'other']) await witan('register', '--operator-key', key, '--max-price', '1', ...asOwner)
await advance(DAY)
await witan('operator', 'replace', '--node', addresses.miner!, '--operator-key', 'successor', ...asOwner)
await advance(DAY)
await send(client.intents.approve('court', 10n ** 20n))

const domain = createDomain({ chainId: 31_337, verifyingContract: client.network.contracts.subnets })
const abroad = createDomain({ chainId: 1, verifyingContract: client.network.contracts.subnets })
const password = readFileSync(join(directory, 'home/password'), 'utf8').trimEnd()
const signers = await Promise.all(
  KEYS.map(async (key) => (await openKeystore({ path: join(directory, `home/keys/${key}.json`), password })).signer),
)
const records = new Map(
  await Promise.all(KEYS.map(async (key) => [addresses[key]!, await client.court.keyRecord(addresses[key]!)] as const)),
)
const { timestamp: now } = await client.latestBlock()
const random = createSeededRandom('parity')
const one = <T>(...choices: readonly T[]): T => choices[random.below(choices.length)]!
/** Mostly the first. */
const mostly = <T>(usual: T, ...others: readonly T[]): T => (random.below(5) === 0 ? one(...others) : usual)
const word = (byte: number): Hex => `0x${byte.toString(16).padStart(2, '0').repeat(32)}`

function requestFor(miner: Signer): RequestIdentity {
  const replacedAt = records.get(addresses.miner!)!.retiredAt
  // Blocks that calls are tried on are a few seconds later than the latest.
  const deadlines = [
    now - UNBONDING - 1,
    now - UNBONDING + 60,
    now + 600,
    now + 660,
    replacedAt + 600,
    replacedAt + 601,
  ]
  return {
    consumer: addresses.owner as Address,
    miner: miner.address,
    nonce: bytesToHex(random.bytes(32)),
    netuid: 1,
    modelVersion: word(0xa1),
    policy: ZERO_DIGEST,
    deadline: mostly(now - DAY - 900, ...deadlines) * 1000 + 999,
    samplingDigest: word(1),
    inputDigest: word(2),
  }
}

function receiptFor(request: RequestIdentity, signer: Signer): SignedReceipt {
  const receipt = {
    requestDigest: mostly(requestDigest(domain, request), requestDigest(abroad, request), word(7)),
    responseDigest: one(word(0xe0), word(0xe1)),
    evidenceDigest: ZERO_DIGEST,
    modelVersion: mostly(request.modelVersion, word(0xa2)),
    policy: mostly(request.policy, word(0xb1)),
    units: random.below(9),
    price: 0n,
    channel: ZERO_DIGEST,
    startedAt: random.below(2 ** 32),
    finishedAt: random.below(2 ** 32),
  }
  const batch = Array.from({ length: 1 + random.below(5) }, (_, index) => ({ ...receipt, units: 10 + index }))
  const place = random.below(batch.length)
  batch[place] = receipt
  const signed = signReceiptBatch(batch, signer, mostly(domain, abroad))[place]!
  if (random.below(8) !== 0) return signed
  return one<SignedReceipt>(
    { ...signed, receipt: { ...receipt, units: 99 } },
    { ...signed, proof: [...signed.proof, word(5)] },
    { ...signed, batch: { ...signed.batch, count: signed.batch.count + 1 } },
    { ...signed, batch: { ...signed.batch, signature: `${signed.batch.signature.slice(0, -2)}00` as Hex } },
  )
}

/** Whether the court takes the accusation. */
async function isTaken(fault: Fault): Promise<boolean> {
  try {
    await client.simulate([client.intents.accuse(fault)], addresses.owner as Address)
    return true
  } catch (error) {
    if (isWitanError(error) && REFUSALS.includes(error.code)) return false
    throw error
  }
}

t.test('the court takes exactly what the rule finds', async (t) => {
  const verdicts = new Map<string, number>()
  for (let turn = 0; turn < CASES; turn++) {
    const asked = one(...signers)
    const evidence: Evidence[] = []
    const request = requestFor(asked)
    for (let copy = 0; copy < 2; copy++) {
      evidence.push({ request, signed: receiptFor(request, mostly(asked, ...signers)) })
    }
    const [first, second] = evidence.map(({ signed }) => signed) as [SignedReceipt, SignedReceipt]
    const { faults } = findFaults([first, second], [request], {
      domain,
      keyRecord: (key) => records.get(key) ?? { nodeId: 0n, retiredAt: 0 },
      nowSeconds: now,
      unbondingSeconds: UNBONDING,
    })
    const about = { requestDigest: requestDigest(domain, request), nodeId: 0n, request }
    const twoAnswers = await isTaken({ kind: 'two-answers', ...about, first, second })
    const otherTerms =
      (await isTaken({ kind: 'other-terms', ...about, first })) ||
      (await isTaken({ kind: 'other-terms', ...about, first: second }))
    const expected = twoAnswers ? 'two-answers' : otherTerms ? 'other-terms' : 'none'
    const found = faults[0]?.kind ?? 'none'
    if (found !== expected) t.equal(found, expected, JSON.stringify({ turn, request, first, second }, printed))
    verdicts.set(found, (verdicts.get(found) ?? 0) + 1)
    if (faults[0] !== undefined) t.ok(await isTaken(faults[0]), 'as it was found')
  }
  t.ok(Math.min(...['two-answers', 'other-terms', 'none'].map((kind) => verdicts.get(kind) ?? 0)) > 20, 'of every kind')
})

const printed = (_: string, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)
