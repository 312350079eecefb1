import { contributorLeaf, type Hex, recordLeaf, signOperatorConsent, signVoucher, ZERO_DIGEST } from '@witan/protocol'
import { encodeNamedCall } from '../../src/abi/call-codec.js'
import { makeIntent } from '../../src/client/intents/make-intent.js'
import type { ProposalContent } from '../../src/index.js'
import { FEED, placeFeed } from './feed.js'
import { keyOf } from './keys.js'
import { type Play, TOKEN } from './play.js'
import { domainOf, twoAnswers } from './two-answers.js'

/** Keys that need coin, beside `deployer`. */
export const ACTORS = ['owner', 'alice', 'curator', 'consumer', 'validator 1', 'validator 2', 'miner 1'] as const

const DIGEST = (byte: string): Hex => `0x${byte.repeat(32)}`
const EPOCH_SECONDS = 600
export const ROLE = 7n
/** Seconds that who has the role waits. */
const ROLE_DELAY = 20

type NamedCall = readonly [contract: string, method: string, args: readonly unknown[]]

/** A network in which models, data sets, payments and decisions went every way they can go. */
export async function liveBusily(play: Play): Promise<void> {
  await begin(play)
  await playModels(play)
  await playDatasets(play)
  await playPayments(play)
  await playMembers(play)
  await playCourt(play)
  await playDecisions(play)
  await accuse(play, 3)
}

async function begin(play: Play): Promise<void> {
  await play.createSubnet({ epochLength: EPOCH_SECONDS, revealWindow: EPOCH_SECONDS / 2 })
  for (const name of ['validator 1', 'validator 2', 'miner 1']) await play.register(name)
  const { intents } = play.chain
  for (const name of ['alice', 'curator', 'consumer']) {
    await play.send('owner', intents.transfer(keyOf(name).address, 1_000n * TOKEN))
  }
  await play.stake('owner', 1n, 3_000n * TOKEN)
  await play.stake('owner', 2n, 2_000n * TOKEN)
  await play.stake('alice', 2n, 100n * TOKEN)
  // Votes count from the second after they were staked.
  await moveTo(play.chain, (await play.chain.latestBlock()).timestamp + 2)
}

async function playModels({ chain, send }: Play): Promise<void> {
  const { intents, contracts } = chain
  const { models } = contracts
  const publish = (model: bigint, manifest: Hex, parent: number) =>
    intents.publishVersion(model, {
      ...{ manifest, weights: DIGEST('21'), evaluation: ZERO_DIGEST, licence: DIGEST('22'), parent, trainedOn: [] },
    })
  await send('alice', intents.createModel({ name: 'reader', netuid: 1, forkBps: 1_000 }))
  await send('alice', publish(1n, DIGEST('11'), 0), publish(1n, DIGEST('12'), 1), publish(1n, DIGEST('13'), 2))
  await send('alice', intents.setForkShare(1n, 2_000))
  await send('consumer', intents.forkModel({ modelId: 1n, version: 2 }, { name: 'finer', netuid: 1, forkBps: 0 }))
  const [alice, owner] = [keyOf('alice').address, keyOf('owner').address]
  await send('consumer', makeIntent(models, 'approve', [owner, 2n], 'approve'))
  await send('owner', makeIntent(models, 'transferFrom', [keyOf('consumer').address, owner, 2n], 'take'))
  await send('owner', makeIntent(models, 'approve', [alice, 2n], 'approve'))
  await send('owner', makeIntent(models, 'setApprovalForAll', [alice, true], 'approve all'))
  await decide({ chain, send }, [
    ['ModelRegistry', 'activate', [1n, 1]],
    ['ModelRegistry', 'activate', [1n, 2]],
    ['ModelRegistry', 'setModelPolicy', [1n, DIGEST('31')]],
    ['ModelRegistry', 'setSubnetPolicy', [1, DIGEST('32')]],
  ])
  await send('alice', intents.retireVersion(1n, 3))
  await playFloor({ chain, send })
}

/** The fork goes live, and its feed stays under the stakers' floor for a second. */
async function playFloor({ chain, send }: Pick<Play, 'chain' | 'send'>): Promise<void> {
  const digests = { manifest: DIGEST('14'), weights: DIGEST('21'), evaluation: ZERO_DIGEST, licence: DIGEST('22') }
  await send('owner', chain.intents.publishVersion(2n, { ...digests, parent: 0, trainedOn: [] }))
  await placeFeed(chain.rpc, { id: 2, answer: 7, updatedAt: 0 }, { id: 1, answer: 8, updatedAt: 0 })
  await decide({ chain, send }, [
    ['ModelRegistry', 'activate', [2n, 1]],
    ['ModelRegistry', 'setFloor', [2n, { feed: FEED, span: 1, least: 9 }]],
  ])
  const { timestamp } = await chain.latestBlock()
  await placeFeed(chain.rpc, { id: 2, answer: 7, updatedAt: timestamp + 5 }, { id: 1, answer: 8, updatedAt: timestamp })
  await moveTo(chain, timestamp + 5)
  await send('consumer', chain.intents.demoteVersion(2n))
}

async function playDatasets({ chain, send, local }: Play): Promise<void> {
  const { intents, contracts } = chain
  const { datasets } = contracts
  const [alice, curator] = [keyOf('alice').address, keyOf('curator').address]
  const hex = (bytes: Uint8Array): Hex => `0x${Buffer.from(bytes).toString('hex')}`
  const record = (byte: string) => {
    return { recordDigest: DIGEST(byte), sourceDigest: DIGEST('41'), licence: DIGEST('42'), contributor: alice }
  }
  // Trees of one leaf: the root is the leaf, and the proof is empty.
  const version = (byte: string, parent: number, records = 10) => ({
    ...{ root: hex(recordLeaf(record(byte))), manifest: DIGEST(byte), licence: DIGEST('42'), records, parent },
    contributorsRoot: hex(contributorLeaf({ contributor: alice, records: 10 })),
  })
  const terms = { price: 10n * TOKEN, flagBond: TOKEN, flagReward: 2n * TOKEN, contributorsBps: 7_000 }
  const lapsing = (await chain.latestBlock()).timestamp
  for (const name of ['lines', 'words']) {
    await send('owner', intents.createDataset({ name, ...terms, curators: [curator] }))
  }
  await send('owner', intents.proposeVersion(2n, version('60', 0)))
  const amount = (spender: 'datasets', wei: bigint, name: string) =>
    chain.approvals({ owner: keyOf(name).address, spender, amountWei: wei })
  await send('owner', ...(await amount('datasets', 500n * TOKEN, 'owner')), intents.fundDataset(1n, 5n * TOKEN))
  await send('owner', intents.proposeVersion(1n, version('50', 0)))
  await send('curator', intents.voteOnBallot(2n, true))
  await send('consumer', ...(await amount('datasets', 100n * TOKEN, 'consumer')), intents.orderDataset(1n, 10n * TOKEN))
  const flag = (byte: string, number: number, roster: number) =>
    intents.flagRecords({
      ...{ setId: 1n, version: number, records: [{ fields: record(byte), proof: [] }], reason: DIGEST('43') },
      ...{ roster, minReward: 0n },
    })
  await send('alice', ...(await amount('datasets', 50n * TOKEN, 'alice')), flag('50', 1, 1))
  await send('curator', intents.voteOnBallot(3n, true))
  await send('owner', intents.correctDataset(1n, version('51', 1), 1n))
  await send('alice', flag('51', 2, 1))
  await send('curator', intents.voteOnBallot(4n, false))
  await send('alice', flag('51', 2, 1))
  await send('owner', intents.setCurators(1n, [curator, alice]), intents.setDatasetPrice(1n, 12n * TOKEN))
  await send('consumer', intents.orderDataset(1n, 12n * TOKEN))
  const royalty = makeIntent(datasets, 'payRoyalty', [1n, 1, 20n * TOKEN], 'pay a royalty')
  await send('consumer', royalty)
  const claim = { setId: 1n, version: 1, contributor: alice, records: 10, proof: [] }
  await send('alice', intents.claimRoyalty(claim), intents.withdrawCredit(alice))
  await send('owner', makeIntent(datasets, 'releaseReserve', [1n, TOKEN / 4n], 'release'))
  await send('owner', makeIntent(datasets, 'setApprovalForAll', [alice, true], 'approve all'))
  // The vote on the other set ends without majority.
  await local.moveTo(lapsing + 8 * 86_400)
  await send('alice', intents.lapseBallot(1n))
  await decide({ chain, send }, [['DatasetRegistry', 'setListed', [2n, false]]])
}

async function playPayments(play: Play): Promise<void> {
  const { chain, send, local } = play
  const { intents, contracts } = chain
  const consumer = keyOf('consumer')
  await send(
    'consumer',
    ...(await chain.approvals({ owner: consumer.address, spender: 'channels', amountWei: 90n * TOKEN })),
  )
  const key = { nodeId: 3n, netuid: 1, modelId: 1n }
  for (const amountWei of [20n * TOKEN, 5n * TOKEN]) await send('consumer', intents.openChannel({ ...key, amountWei }))
  const [first, second] = await chain.payments.channelsOf(consumer.address)
  await send('consumer', intents.topUpChannel(first!.channelId, TOKEN))
  const voucher = (tokens: bigint) => {
    const { channelId } = first!
    const signed = { channelId, cumulative: tokens * TOKEN, receiptDigest: DIGEST('71') }
    return signVoucher(signed, consumer, chain.payments.domain())
  }
  await send('miner 1', intents.settleVoucher(voucher(8n)))
  await send('consumer', intents.requestChannelClose(second!.channelId))
  await send('owner', intents.distributeRevenue(key))

  const epoch = (await play.epoch()) + 1
  await play.moveToEpoch(epoch)
  const row = { row: [0, 0, 9], reveal: true }
  await play.vote(epoch, { 'validator 1': row, 'validator 2': row })
  await play.settle('validator 1', epoch)
  await send('owner', intents.payValidators(1, await chain.lastPay(1)), intents.withdrawRevenue(keyOf('alice').address))
  await send('consumer', intents.withdrawChannel(second!.channelId))
  await send('miner 1', intents.settleVoucher(voucher(15n)))

  const owner = keyOf('owner')
  await send(
    'owner',
    intents.createSubnet({
      ...{ parameters: (await chain.subnets.subnet(1)).parameters, mechanism: DIGEST('01'), name: 'closed' },
      ...{ modelVersions: [DIGEST('02')], isConsortium: true, maxPrice: 1_000n * TOKEN },
    }),
  )
  const deadline = BigInt((await chain.latestBlock()).timestamp + 3_600)
  for (const [nonce, pool] of [4_000, 5_000, 6_000].entries()) {
    const table = { creators: 9_000 - pool, pool, dataSets: 0, validators: 0, treasury: 1_000 }
    const digest = await contracts.splitter.read('tableDigest', [2, table, BigInt(nonce), deadline])
    const signature = owner.signDigest(Buffer.from(digest.slice(2), 'hex'))
    const signatures = [`0x${Buffer.from(signature).toString('hex')}` as Hex]
    await send(
      'owner',
      makeIntent(contracts.splitter, 'setTable', [2, table, deadline, [owner.address], signatures], 'sign'),
    )
    if (nonce === 0) await local.moveTo((await chain.latestBlock()).timestamp + 15)
  }
}

/** A key is replaced; one accusation is executed, one vetoed, and another part is slashed from now on. */
async function playCourt(play: Play): Promise<void> {
  const { chain, send, local } = play
  const { intents } = chain
  const consumer = keyOf('consumer').address
  const successor = keyOf('successor')
  const { timestamp } = await chain.latestBlock()
  const nonce = await chain.subnets.consentNonce(successor.address)
  const consent = { owner: keyOf('owner').address, nonce, deadline: timestamp + 600 }
  const signed = signOperatorConsent(consent, successor, domainOf(chain.network))
  const replacement = { nodeId: 3n, operator: successor.address, deadline: consent.deadline, consent: signed }
  await send('owner', intents.replaceOperator(replacement))
  const { bond } = await chain.court.terms()
  await send('consumer', ...(await chain.approvals({ owner: consumer, spender: 'court', amountWei: 3n * bond })))
  const shares = await chain.vault.sharesOf(2n, keyOf('alice').address)
  await send('alice', intents.requestUnstake(2n, shares / 4n))
  await accuse(play, 1)
  await local.moveTo((await chain.court.accusations())[0]!.executableAt)
  await send('alice', intents.executeAccusation(1n))
  // The slash ended their votes.
  for (const name of ['owner', 'alice']) await send('alice', intents.syncVotes(keyOf(name).address, 2n))
  await accuse(play, 2)
  await moveTo(chain, (await chain.latestBlock()).timestamp + 2)
  await decide(play, [
    ['DisputeCourt', 'veto', [2n]],
    ['DisputeCourt', 'setSlashBps', [500]],
  ])
}

/** The second validator signs two answers to the request of that number. */
async function accuse({ chain, send }: Play, number: number): Promise<void> {
  const { timestamp: deadline } = await chain.latestBlock()
  const parties = { consumer: keyOf('consumer').address, miner: keyOf('validator 2'), nodeId: 2n }
  const nonce = new Uint8Array(32).fill(number)
  const fault = twoAnswers({ ...parties, nonce, deadline, domain: domainOf(chain.network) })
  await send('consumer', chain.intents.accuse(fault))
}

/** A member comes, goes and comes back; the last proposal is open. A delegate votes, for one without stake too. */
async function playMembers({ chain, send }: Play): Promise<void> {
  const { intents } = await chain.companions()
  const curator = keyOf('curator').address
  for (const admit of [true, false]) await send('owner', intents.proposeMember(2, curator, admit))
  await send('curator', intents.voteOnMember(2n))
  for (const admit of [true, false]) await send('owner', intents.proposeMember(2, curator, admit))
  for (const name of ['alice', 'consumer']) await send(name, intents.delegateVotes(curator))
}

async function playDecisions(play: Play): Promise<void> {
  const { chain, send, local } = play
  const { intents, contracts, network } = chain
  const { access, models } = contracts
  const alice = keyOf('alice').address
  const selector = models.encode('setSubnetPolicy', [1, ZERO_DIGEST]).slice(0, 10) as Hex
  const to = network.contracts.models
  await decide(play, [
    ['WitanAccess', 'setGrantDelay', [ROLE, 30]],
    ['WitanAccess', 'setRoleAdmin', [ROLE, 8n]],
    ['WitanAccess', 'setRoleAdmin', [ROLE, 0n]],
    ['WitanAccess', 'setRoleGuardian', [ROLE, 8n]],
    ['WitanAccess', 'grantRole', [ROLE, alice, ROLE_DELAY]],
    ['WitanAccess', 'grantRole', [9n, alice, 0]],
    ['WitanAccess', 'revokeRole', [9n, alice]],
    ['WitanAccess', 'setTargetFunctionRole', [to, [selector], ROLE]],
    ['WitanAccess', 'setTargetAdminDelay', [alice, 60]],
    ['WitanAccess', 'setTargetClosed', [alice, true]],
    ['WitanTimelock', 'setExecutionWindow', [25]],
    ['WitanGovernor', 'setVotingPeriod', [18]],
    ['WitanGovernor', 'setProposalThreshold', [2n * TOKEN]],
    ['WitanGovernor', 'updateQuorumNumerator', [5n]],
  ])
  // To who has the role the delay shrinks at once as far as it may, and the rest is to come.
  await decide(play, [['WitanAccess', 'grantRole', [ROLE, alice, 5]]])
  const policy = (byte: string) => models.encode('setSubnetPolicy', [1, DIGEST(byte)])
  const schedule = (byte: string) => makeIntent(access, 'schedule', [to, policy(byte), 0], 'schedule')
  await send('alice', schedule('81'), schedule('82'), schedule('83'))
  await local.moveTo((await chain.latestBlock()).timestamp + ROLE_DELAY)
  await send('alice', makeIntent(access, 'execute', [to, policy('81')], 'execute'))
  await send('alice', makeIntent(access, 'cancel', [alice, to, policy('82')], 'cancel'))

  const content = (description: string): ProposalContent =>
    contentOf(play, [['Emission', 'setMaxShare', [9_000]]], description)
  await send('owner', intents.propose(content('canceled')))
  await send('owner', intents.cancelProposal(content('canceled')))
  await propose(play, content('defeated'), 'against')
  await propose(play, content('expired'), 'for')
  await send('alice', intents.queueProposal(content('expired')))
  await local.moveTo((await chain.latestBlock()).timestamp + 60)
  await propose(play, content('succeeded'), 'for')
  await propose(play, content('queued'), 'for')
  await send('alice', intents.queueProposal(content('queued')))
  await propose(play, content('voted on'), 'abstain')
  await send('owner', intents.propose(content('waiting')))
}

function contentOf({ chain }: Pick<Play, 'chain'>, calls: readonly NamedCall[], description: string): ProposalContent {
  const encode = ([contract, method, args]: NamedCall) =>
    encodeNamedCall({ contract, function: method, args }, chain.contractsByAddress)
  return { calls: calls.map(encode), description }
}

/** Proposes, and votes once the snapshot is over. */
async function propose(
  { chain, send }: Pick<Play, 'chain' | 'send'>,
  content: ProposalContent,
  choice: 'for' | 'against' | 'abstain',
) {
  await send('owner', chain.intents.propose(content))
  const { proposalId, snapshotAt } = (await chain.governance.proposals()).at(-1)!
  await moveTo(chain, snapshotAt + 1)
  await send('owner', chain.intents.castVote(proposalId, choice, 'because'))
}

/** Calls that the stakers propose, vote for, queue and execute. */
async function decide(play: Pick<Play, 'chain' | 'send'>, calls: readonly NamedCall[]): Promise<void> {
  const { chain, send } = play
  const content = contentOf(play, calls, `decision ${(await chain.governance.proposals()).length}`)
  await propose(play, content, 'for')
  await send('alice', chain.intents.queueProposal(content))
  await moveTo(chain, (await chain.latestBlock()).timestamp + 4)
  await send('alice', chain.intents.executeProposal(content))
}

async function moveTo({ rpc }: Play['chain'], time: number): Promise<void> {
  await rpc.request('evm_setNextBlockTimestamp', [time])
  await rpc.request('evm_mine', [])
}
