// No signature made in a network counts in another: in its fork on the same chain, and at the same addresses of another chain.
import { abis } from '@witan/contracts'
import {
  bytesToHex,
  checkVoucher,
  createDomain,
  type Domain,
  hexToBytes,
  isWitanError,
  recordDigest,
  requestDigest,
  type Signer,
  signOperatorConsent,
  signReceiptBatch,
  signRecord,
  signVoucher,
  verifyReceipt,
  verifyRecord,
  ZERO_DIGEST,
} from '@witan/protocol'
import { TypedDataEncoder, type TypedDataField } from 'ethers'
import t from 'tap'
import { makeIntent } from '../src/client/intents/make-intent.js'
import { deployNetwork, exportNetwork, type Intent, NO_PAY, openFork, planFork } from '../src/index.js'
import { bindCompanions } from '../src/network/companions.js'
import { simulate } from '../src/simulate/simulate.js'
import { keyOf } from './support/keys.js'
import { digestOf } from './support/lived-in.js'
import { type LocalChain, logger, startLocalChain } from './support/local-chain.js'
import { type Play, startPlay, TOKEN } from './support/play.js'
import { twoAnswers } from './support/two-answers.js'

t.setTimeout(240_000)

const KEYS = ['deployer', 'forker', 'owner', 'alice', 'validator 1']
const CHAIN = 31_337
const OTHER_CHAIN = 31_338
const FAR = 4_000_000_000
const TABLE = { creators: 10_000, pool: 0, dataSets: 0, validators: 0, treasury: 0 }
const [owner, alice, operator] = [keyOf('owner').address, keyOf('alice').address, keyOf('validator 1').address]
const CONTENT = { calls: [{ to: owner, valueWei: 0n, data: '0x' as const }], description: 'nothing' }

interface Scene {
  readonly play: Play
  readonly local: LocalChain
  readonly chainId: number
}

/** The same everywhere: alice has stake, a channel and a consortium; the owner's operator is registered. */
async function prepare(play: Play): Promise<void> {
  const { chain, send } = play
  await play.createSubnet({ maxUids: 8, epochLength: 600, revealWindow: 300 })
  await play.register('validator 1')
  if (chain.network.fork === undefined) await send('owner', chain.intents.transfer(alice, 50_000n * TOKEN))
  await play.stake('alice', 1n, 1_000n * TOKEN)
  for (const spender of ['subnets', 'channels', 'court'] as const) {
    await send('alice', ...(await chain.approvals({ owner: alice, spender, amountWei: 5_000n * TOKEN })))
  }
  const { parameters, mechanism, modelVersions } = await chain.subnets.subnet(1)
  const consortium = { parameters, mechanism, modelVersions, name: 'ours', isConsortium: true }
  await send('alice', chain.intents.createSubnet({ ...consortium, maxPrice: 5_000n * TOKEN }))
  await send('alice', chain.intents.openChannel({ nodeId: 1n, netuid: 1, modelId: 0n, amountWei: 10n * TOKEN }))
}

const here = await startLocalChain(KEYS)
const there = await startLocalChain(KEYS)
t.teardown(() => Promise.all([here.stop(), there.stop()]))
const old: Scene = { play: await startPlay(here), local: here, chainId: CHAIN }
await prepare(old.play)
const body = await exportNetwork(old.play.chain, { block: (await old.play.chain.latestBlock()).number })
const choices = { name: 'fork', chainId: CHAIN, excluded: new Set<never>(), changes: new Map<string, string>() }
const forked = await deployNetwork(
  { plan: planFork(body, choices), rpcUrls: [here.chain.rpcUrl()] },
  { rpc: here.rpc, sender: await here.senderOf('forker'), logger },
)
const fork: Scene = { play: await startPlay(here, forked), local: here, chainId: CHAIN }
const claims = await openFork(fork.play.chain, body)
for (const account of [owner, alice]) await fork.play.send('owner', claims.intents.claim(account))
await prepare(fork.play)
const twin: Scene = { play: await startPlay(there), local: there, chainId: OTHER_CHAIN }
await prepare(twin.play)
for (const { play, local } of [old, fork, twin]) {
  await local.moveTo((await play.chain.latestBlock()).timestamp + 2)
  await play.send('alice', play.chain.intents.propose(CONTENT))
}
for (const { play } of [old, fork, twin]) {
  const [proposal] = await play.chain.governance.proposals()
  await play.local.moveTo(proposal!.snapshotAt + 1)
}
await there.rpc.request('anvil_setChainId', [OTHER_CHAIN])

/** Whether a signature under the first network's domain counts in the second, where all else is as it must be. */
type Probe = (signed: Scene, at: Scene) => Promise<boolean>

type Signing = 'subnets' | 'channels' | 'splitter' | 'token' | 'governor'
const domainOf = ({ play, chainId }: Scene, contract: Signing): Domain =>
  createDomain({ chainId, verifyingContract: play.chain.network.contracts[contract] })

/** Tries a call without sending it; a refusal other than the one for a wrong signature is a broken test. */
async function counts({ play }: Scene, intent: Intent, from: typeof owner, refusal: string): Promise<boolean> {
  try {
    await play.chain.simulate([intent], from)
    return true
  } catch (error) {
    if (isWitanError(error) && error.code === refusal) return false
    throw error
  }
}

function sign(signer: Signer, { chainId, verifyingContract }: Omit<Domain, 'separator'>, type: string, values: object) {
  const [, name, fields] = /^(\w+)\((.*)\)$/.exec(type)!
  const described: TypedDataField[] = fields!.split(',').map((field) => {
    const [type, name] = field.split(' ')
    return { type: type!, name: name! }
  })
  const domain = { name: 'Witan', version: '1', chainId, verifyingContract }
  const digest = TypedDataEncoder.hash(domain, { [name!]: described }, values as Record<string, unknown>)
  const signature = bytesToHex(signer.signDigest(hexToBytes(digest)))
  return { signature, v: Number(`0x${signature.slice(130)}`), r: part(signature, 2), s: part(signature, 66) }
}

const part = (signature: string, from: number) => `0x${signature.slice(from, from + 64)}` as const

const proposalIn = async ({ play }: Scene) => (await play.chain.governance.proposals())[0]!.proposalId

async function evidenceIn({ play }: Scene, domains: { readonly domain: Domain; readonly signedUnder: Domain }) {
  const { timestamp: deadline } = await play.chain.latestBlock()
  const nonce = hexToBytes(digestOf('asked once'))
  const asked = { consumer: alice, miner: keyOf('validator 1'), nonce, deadline, nodeId: 1n, ...domains }
  return { ...twoAnswers(asked), signedUnder: domains.signedUnder }
}

/** Whether the court takes it, for each fault that it proves. */
async function proves(at: Scene, evidence: Awaited<ReturnType<typeof evidenceIn>>): Promise<boolean> {
  const { accuse } = at.play.chain.intents
  const isTaken = await counts(at, accuse(evidence), alice, 'EVIDENCE_INVALID')
  const { request, requestDigest, nodeId } = evidence
  const [other] = signReceiptBatch(
    [{ ...evidence.first.receipt, modelVersion: digestOf('another version') }],
    keyOf('validator 1'),
    evidence.signedUnder,
  )
  const isOtherTaken = await counts(
    at,
    accuse({ kind: 'other-terms', request, requestDigest, nodeId, first: other! }),
    alice,
    'EVIDENCE_INVALID',
  )
  return both(isTaken, isOtherTaken)
}

const PROBES: Readonly<Record<string, Probe>> = {
  async OperatorConsent(signed, at) {
    const { subnets, intents, latestBlock } = at.play.chain
    const key = keyOf('new')
    const deadline = (await latestBlock()).timestamp + 600
    const consent = { owner, nonce: await subnets.consentNonce(key.address), deadline }
    const signature = signOperatorConsent(consent, key, domainOf(signed, 'subnets'))
    const told = { netuid: 1, operator: key.address, deadline, consent: signature, maxPrice: TOKEN, lastPay: NO_PAY }
    return counts(at, intents.register(told), owner, 'CONSENT_INVALID')
  },
  async Announcement(signed, at) {
    const { intents, latestBlock } = at.play.chain
    const record = { multiaddrs: [], seq: 1, expiry: (await latestBlock()).timestamp + 3_600 }
    const made = signRecord(record, keyOf('validator 1'), domainOf(signed, 'subnets'))
    const isRead = isValid(() =>
      verifyRecord(made, { operator, nowSeconds: record.expiry - 60 }, domainOf(at, 'subnets')),
    )
    const digest = bytesToHex(recordDigest(record))
    const told = { operator, recordDigest: digest, seq: 1, expiry: record.expiry, signature: made.signature }
    const isTaken = await counts(at, intents.announce(told), owner, 'CONSENT_INVALID')
    return both(isRead, isTaken)
  },
  async Voucher(signed, at) {
    const { payments, intents } = at.play.chain
    const [channel] = await payments.channelsOf(alice)
    const voucher = { channelId: channel!.channelId, cumulative: TOKEN, receiptDigest: ZERO_DIGEST }
    const made = signVoucher(voucher, keyOf('alice'), domainOf(signed, 'channels'))
    const expected = { channelId: voucher.channelId, consumer: alice, deposit: channel!.deposit, owed: TOKEN }
    const isTrusted = isValid(() => checkVoucher(made, expected, domainOf(at, 'channels')))
    return both(isTrusted, await counts(at, intents.settleVoucher(made), owner, 'VOUCHER_INVALID'))
  },
  async ReceiptBatch(signed, at) {
    const digests = { requestDigest: digestOf('request'), responseDigest: digestOf('response') }
    const names = { evidenceDigest: ZERO_DIGEST, modelVersion: digestOf('model'), policy: ZERO_DIGEST }
    const receipt = { ...digests, ...names, units: 1, price: 0n, channel: ZERO_DIGEST, startedAt: 1, finishedAt: 2 }
    const [made] = signReceiptBatch([receipt], keyOf('validator 1'), domainOf(signed, 'subnets'))
    const isRead = isValid(() => verifyReceipt(made!, domainOf(at, 'subnets')) === operator || fail())
    // The request is of the network that is asked: only the signatures are of the other.
    const evidence = await evidenceIn(at, { domain: domainOf(at, 'subnets'), signedUnder: domainOf(signed, 'subnets') })
    return both(isRead, await proves(at, evidence))
  },
  async InferRequest(signed, at) {
    const parties = { consumer: alice, miner: operator, nonce: ZERO_DIGEST, netuid: 1 }
    const asked = { modelVersion: ZERO_DIGEST, policy: ZERO_DIGEST, deadline: 1 }
    const identity = { ...parties, ...asked, samplingDigest: ZERO_DIGEST, inputDigest: ZERO_DIGEST }
    const isSame =
      requestDigest(domainOf(signed, 'subnets'), identity) === requestDigest(domainOf(at, 'subnets'), identity)
    // Whoever signs in both networks with one key signs receipts of requests of one of them.
    const evidence = await evidenceIn(at, { domain: domainOf(signed, 'subnets'), signedUnder: domainOf(at, 'subnets') })
    return both(isSame, await proves(at, evidence))
  },
  async Permit(signed, at) {
    const { token } = at.play.chain.contracts
    const nonce = await token.read('nonces', [alice])
    const type = 'Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)'
    const values = { owner: alice, spender: owner, value: 1n, nonce, deadline: FAR }
    const { v, r, s } = sign(keyOf('alice'), domainOf(signed, 'token'), type, values)
    const call = makeIntent(token, 'permit', [alice, owner, 1n, BigInt(FAR), v, r, s], 'permit')
    return counts(at, call, owner, 'PERMIT_INVALID')
  },
  async Delegation(signed, at) {
    const votesOf = async ({ play }: Scene) =>
      (await bindCompanions(play.chain.contracts, play.chain.rpc, play.chain.network)).votes
    const votes = await votesOf(at)
    const domain = { chainId: signed.chainId, verifyingContract: (await votesOf(signed)).address }
    const type = 'Delegation(address delegatee,uint256 nonce,uint256 expiry)'
    const nonce = await votes.read('nonces', [alice]).catch(() => 0n)
    const { v, r, s } = sign(keyOf('alice'), domain, type, { delegatee: owner, nonce, expiry: FAR })
    const call = makeIntent(votes, 'delegateBySig', [owner, nonce, BigInt(FAR), v, r, s], 'delegate')
    const { contractsByAddress } = await at.play.chain.companions()
    const [tried] = await simulate(at.play.chain.rpc, [call], { from: owner, contracts: contractsByAddress })
    // Under another domain the signature is that of some other key, which has no stake.
    const moved = tried!.events.find(({ name }) => name === 'DelegateChanged')
    return (moved?.args as { delegator: string } | undefined)?.delegator === alice
  },
  async Ballot(signed, at) {
    const { governor } = at.play.chain.contracts
    const [proposalId, nonce] = [await proposalIn(at), await governor.read('nonces', [alice])]
    const type = 'Ballot(uint256 proposalId,uint8 support,address voter,uint256 nonce)'
    const values = { proposalId, support: 1, voter: alice, nonce }
    const { signature } = sign(keyOf('alice'), domainOf(signed, 'governor'), type, values)
    const call = makeIntent(governor, 'castVoteBySig', [proposalId, 1, alice, signature], 'vote')
    return counts(at, call, owner, 'VOTE_INVALID')
  },
  async ExtendedBallot(signed, at) {
    const { governor } = at.play.chain.contracts
    const [proposalId, nonce] = [await proposalIn(at), await governor.read('nonces', [alice])]
    const type =
      'ExtendedBallot(uint256 proposalId,uint8 support,address voter,uint256 nonce,string reason,bytes params)'
    const values = { proposalId, support: 1, voter: alice, nonce, reason: 'why', params: '0x' }
    const { signature } = sign(keyOf('alice'), domainOf(signed, 'governor'), type, values)
    const args = [proposalId, 1, alice, 'why', '0x', signature] as const
    return counts(at, makeIntent(governor, 'castVoteWithReasonAndParamsBySig', args, 'vote'), owner, 'VOTE_INVALID')
  },
  async SplitTable(signed, at) {
    const { splitter } = at.play.chain.contracts
    const nonce = await splitter.read('tableNonces', [2])
    const fields = 'uint16 creators,uint16 pool,uint16 dataSets,uint16 validators,uint16 treasury'
    const type = `SplitTable(uint16 netuid,${fields},uint256 nonce,uint256 deadline)`
    const values = { netuid: 2, ...TABLE, nonce, deadline: FAR }
    const { signature } = sign(keyOf('alice'), domainOf(signed, 'splitter'), type, values)
    const call = makeIntent(splitter, 'setTable', [2, TABLE, BigInt(FAR), [alice], [signature]], 'table')
    return counts(at, call, owner, 'SPLIT_TABLE_INVALID')
  },
}

/** Every function of every contract that takes a signature, and the type that is signed for it. */
const TAKES_SIGNATURE: Readonly<Record<string, string>> = {
  'WitanToken.permit': 'Permit',
  'StakeVault.stakeWithPermit': 'Permit',
  'PaymentChannels.openWithPermit': 'Permit',
  'PaymentChannels.settle': 'Voucher',
  'PaymentChannels.settleMany': 'Voucher',
  'Subnets.register': 'OperatorConsent',
  'Subnets.replaceOperator': 'OperatorConsent',
  'Subnets.announce': 'Announcement',
  'StakeVotes.delegateBySig': 'Delegation',
  'MembershipToken.delegateBySig': 'Delegation',
  'RevenueSplitter.setTable': 'SplitTable',
  'DisputeCourt.accuseOfTwoAnswers': 'ReceiptBatch',
  'DisputeCourt.accuseOfOtherTerms': 'ReceiptBatch',
  'WitanGovernor.castVoteBySig': 'Ballot',
  'WitanGovernor.castVoteWithReasonAndParamsBySig': 'ExtendedBallot',
}

t.test('every function that takes a signature is among those tried', async (t) => {
  const isSignature = (name: string | undefined) => /sig(nature)?s?$/i.test(name ?? '') || name === 'v'
  const taking = Object.entries(abis).flatMap(([contract, abi]) =>
    abi.flatMap((entry) => {
      if (entry.type !== 'function' || !/^(nonpayable|payable)$/.test(entry.stateMutability)) return []
      const inputs: readonly { readonly name?: string; readonly components?: readonly { readonly name?: string }[] }[] =
        entry.inputs
      const names = inputs.flatMap(({ name, components = [] }) => [name, ...components.map((each) => each.name)])
      return names.some(isSignature) ? [`${contract}.${entry.name}`] : []
    }),
  )
  t.strictSame([...new Set(taking)].sort(), Object.keys(TAKES_SIGNATURE).sort())
  for (const [name, type] of Object.entries(TAKES_SIGNATURE)) t.ok(PROBES[type], `${name}: ${type}`)
})

t.test('the twin has the addresses of the old network, on another chain', async (t) => {
  t.strictSame(twin.play.chain.network.contracts, old.play.chain.network.contracts)
  t.equal(Number(await there.rpc.request('eth_chainId', [])), OTHER_CHAIN)
})

for (const [type, probe] of Object.entries(PROBES)) {
  t.test(`${type}: counts where it was signed, and nowhere else`, async (t) => {
    for (const [name, scene] of Object.entries({ old, fork, twin })) {
      t.equal(await probe(scene, scene), true, `in ${name} itself`)
    }
    for (const [from, to, what] of [
      [old, fork, 'of the old network in its fork'],
      [fork, old, 'of the fork in the old network'],
      [old, twin, 'at the same address on another chain'],
      [twin, old, 'and back'],
    ] as const) {
      t.equal(await probe(from, to), false, what)
    }
  })
}

t.test('a voucher as it was given names a channel that other networks do not have', async (t) => {
  const [channel] = await old.play.chain.payments.channelsOf(alice)
  const voucher = { channelId: channel!.channelId, cumulative: TOKEN, receiptDigest: ZERO_DIGEST }
  const made = signVoucher(voucher, keyOf('alice'), domainOf(old, 'channels'))
  const settle = fork.play.chain.intents.settleVoucher(made)
  await t.rejects(fork.play.chain.simulate([settle], owner), { code: 'CHANNEL_UNKNOWN' })
})

function isValid(check: () => unknown): boolean {
  try {
    check()
    return true
  } catch (error) {
    if (isWitanError(error) || error instanceof Refused) return false
    throw error
  }
}

class Refused extends Error {}

function fail(): never {
  throw new Refused()
}

/** What nodes and contracts say must be the same. */
function both(offChain: boolean, onChain: boolean): boolean {
  if (offChain !== onChain) throw new Error(`nodes say ${offChain}, the contract ${onChain}`)
  return onChain
}
