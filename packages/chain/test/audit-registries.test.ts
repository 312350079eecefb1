// Models, data sets, payments, accusations and decisions on a real chain, rebuilt from events; then one word of each ledger is
// falsified behind the contract's back, and the audit names it.

import { abis } from '@witan/contracts'
import t from 'tap'
import { interfaceOf } from '../src/abi/interface-of.js'
import { type AuditReport, auditNetwork, type Section } from '../src/index.js'
import { bindCompanions } from '../src/network/companions.js'
import { ACTORS, liveBusily, ROLE } from './support/busy-network.js'
import { falsify } from './support/falsify.js'
import { keyOf } from './support/keys.js'
import { startLocalChain } from './support/local-chain.js'
import { startPlay } from './support/play.js'
import { deployTestNetwork, testPlan } from './support/test-network.js'

t.setTimeout(290_000)

const differing = ({ sections }: AuditReport) => sections.flatMap(({ differences }) => differences)

const local = await startLocalChain(['deployer', ...ACTORS])
t.teardown(() => local.stop())
// Stake stays held while words are falsified.
const play = await startPlay(local, await deployTestNetwork(local, { ...testPlan(), unbonding: 7_200 }))
const { chain } = play
await liveBusily(play)

t.test('what happened is what is stored, at the end and on the way', async (t) => {
  const report = await auditNetwork(chain, { pageBlocks: 11 })
  for (const { section, compared, differing } of report.sections) t.comment(section, compared, differing)
  t.strictSame(differing(report), [])
  const untouched = report.sections.filter(({ compared }) => compared === 0).map(({ section }) => section)
  t.same(
    untouched,
    ['membership', 'claims'],
    'every section compared something, but those of networks of members and of forks',
  )
  for (const back of [3, 40, 75]) {
    t.strictSame(differing(await auditNetwork(chain, { block: report.block - back })), [], `${back} blocks before`)
  }
})

const { membership: _, claims: __, ...companions } = await bindCompanions(chain.contracts, chain.rpc, chain.network)
const contracts = { ...chain.contracts, ...companions }
type Role = keyof typeof contracts
/** A word that a view reads, and what the audit says when one of its bits is another. */
type Falsified = readonly [
  section: Section,
  what: string,
  role: Role,
  method: string,
  args: readonly unknown[],
  bit?: number,
]

const alice = keyOf('alice').address
const [owner, consumer] = [keyOf('owner').address, keyOf('consumer').address]
const [{ channelId }] = (await chain.payments.channelsOf(consumer)) as unknown as [{ channelId: string }]
const proposals = await chain.governance.proposals()
const proposal = (title: string) => proposals.find(({ description }) => description === title)!.proposalId
const waiting = proposal('waiting')
const [accused] = (await chain.court.accusations()) as unknown as [{ requestDigest: string }]
const operator = keyOf('miner 1').address
const operations = await chain.rpc.request<{ topics: string[] }[]>('eth_getLogs', [
  {
    fromBlock: '0x0',
    address: chain.network.contracts.timelock,
    topics: [interfaceOf(abis.WitanTimelock).getEvent('OperationExpirySet')!.topicHash],
  },
])
const operation = operations[0]!.topics[1]!
const selector = chain.contracts.models.encode('setSubnetPolicy', [1, `0x${'00'.repeat(32)}`]).slice(0, 10)
const grantee = `role ${ROLE} of ${alice}`
const { models, timelock } = chain.network.contracts

const FALSIFIED: readonly Falsified[] = [
  ['models', 'number of models', 'models', 'modelCount', []],
  ['models', 'model 1 name', 'models', 'nameOf', [1n], 248],
  ['models', 'model 1 owner', 'models', 'ownerOf', [1n]],
  ['models', 'model 2 approved', 'models', 'getApproved', [2n]],
  ['models', `${alice} for all of ${owner}`, 'models', 'isApprovedForAll', [owner, alice]],
  ['models', 'authority', 'models', 'authority', []],
  ['models', 'model 2 parentModel', 'models', 'model', [2n]],
  ['models', 'model 1 forkBps', 'models', 'model', [1n], 64],
  ['models', 'model 2 floor', 'models', 'floorOf', [2n]],
  ['models', 'model 1 live', 'models', 'model', [1n], 112],
  ['models', 'model 1 previous', 'models', 'model', [1n], 144],
  ['models', 'model 1 graceEndsAt', 'models', 'model', [1n], 176],
  ['models', 'model 1 version 2 manifest', 'models', 'version', [1n, 2]],
  ['models', 'model 1 version 3 retired', 'models', 'version', [1n, 3], 80],
  ['models', `manifest 0x${'12'.repeat(32)}`, 'models', 'versionOfManifest', [`0x${'12'.repeat(32)}`], 1],
  ['models', 'model 1 policy', 'models', 'policyOf', [1n]],
  ['models', 'subnet 1 policy', 'models', 'subnetPolicy', [1]],
  ['models', 'subnet 1 activated models', 'models', 'activatedIn', [1]],
  ['datasets', 'set 1 price', 'datasets', 'dataset', [1n]],
  ['datasets', 'set 1 reserve', 'datasets', 'dataset', [1n], 16],
  ['datasets', 'set 1 delisted', 'datasets', 'dataset', [1n], 64],
  ['datasets', 'set 1 curators', 'datasets', 'curatorsOf', [1n]],
  ['datasets', 'set 1 flag 1 due at', 'datasets', 'dueAt', [1n, 1n]],
  ['datasets', 'set 1 version 2 root', 'datasets', 'version', [1n, 2]],
  ['datasets', 'set 1 version 1 edition', 'datasets', 'version', [1n, 1]],
  ['datasets', `set 1 version 2 open to ${consumer}`, 'datasets', 'hasAccess', [1n, 2, consumer]],
  ['datasets', 'number of ballots', 'datasets', 'ballotCount', []],
  ['datasets', 'ballot 4 outcome', 'datasets', 'ballot', [4n], 8],
  ['datasets', `ballot 3 vote of ${keyOf('curator').address}`, 'datasets', 'hasVoted', [3n, keyOf('curator').address]],
  ['datasets', 'flag 5 bond', 'datasets', 'flagOf', [5n], 128],
  ['royalties', `credit of ${owner}`, 'datasets', 'creditOf', [owner]],
  ['royalties', 'set 1 version 1 paid', 'datasets', 'poolOf', [1n, 1]],
  ['royalties', `set 1 version 1 share of ${alice}`, 'datasets', 'provenShareOf', [1n, 1, alice]],
  ['channels', `channel ${channelId} paid`, 'channels', 'channelOf', [channelId], 96],
  ['channels', `channel ${channelId} deposit`, 'channels', 'channelOf', [channelId]],
  ['channels', `channel ${channelId} closesAt`, 'channels', 'channelOf', [channelId], 192],
  ['channels', `channels opened by ${consumer}`, 'channels', 'openNonces', [consumer]],
  ['revenue', 'subnet 1 node 3 model 1 pending', 'splitter', 'pendingOf', [1, 3n, 1n]],
  ['revenue', 'subnet 1 pot', 'splitter', 'potOf', [1], 128],
  ['revenue', `owed to ${owner}`, 'splitter', 'owedTo', [owner]],
  ['revenue', 'subnet 2 table', 'splitter', 'tableOf', [2]],
  ['revenue', 'subnet 2 tables signed', 'splitter', 'tableNonces', [2]],
  ['governor', 'voting delay', 'governor', 'votingDelay', []],
  ['governor', 'voting period', 'governor', 'votingPeriod', [], 48],
  ['governor', 'vote extension', 'governor', 'lateQuorumVoteExtension', []],
  ['governor', 'proposal threshold', 'governor', 'proposalThreshold', []],
  ['governor', 'quorum', 'governor', 'quorumNumerator()', [], 48],
  ['governor', 'super quorum', 'governor', 'superQuorumNumerator()', [], 48],
  ['governor', 'guardian until', 'governor', 'guardianUntil', [], 160],
  ['governor', 'timelock', 'governor', 'timelock', []],
  ['governor', `proposal ${waiting} proposer`, 'governor', 'proposalProposer', [waiting]],
  ['governor', `proposal ${waiting} state`, 'governor', 'proposalSnapshot', [waiting], 240],
  ['governor', `proposal ${proposal('queued')} eta`, 'governor', 'proposalEta', [proposal('queued')]],
  ['governor', `proposal ${proposal('queued')} expiry`, 'governor', 'proposalExpiry', [proposal('queued')]],
  ['governor', `proposal ${proposal('defeated')} votes`, 'governor', 'proposalVotes', [proposal('defeated')]],
  [
    'governor',
    `proposal ${proposal('defeated')} vote of ${owner}`,
    'governor',
    'hasVoted',
    [proposal('defeated'), owner],
  ],
  ['timelock', 'delay', 'timelock', 'getMinDelay', []],
  ['timelock', 'execution window', 'timelock', 'executionWindow', [], 160],
  ['timelock', 'governor', 'timelock', 'governor', []],
  ['timelock', `operation ${operation}`, 'timelock', 'getTimestamp', [operation]],
  ['timelock', `operation ${operation} expires at`, 'timelock', 'expiresAt', [operation]],
  ['access', `role 0 of ${timelock}`, 'access', 'getAccess', [0n, timelock]],
  ['access', grantee, 'access', 'getAccess', [ROLE, alice], 48],
  ['access', `role for ${selector} of ${models}`, 'access', 'getTargetFunctionRole', [models, selector]],
  ['access', `guardian of role ${ROLE}`, 'access', 'getRoleGuardian', [ROLE], 64],
  ['access', `grant delay of role ${ROLE}`, 'access', 'getRoleGrantDelay', [ROLE], 160],
  ['access', `${alice} closed`, 'access', 'isTargetClosed', [alice], 112],
  ['voters', `stake of ${alice} on node 2`, 'votes', 'countedOf', [alice, 2n]],
  ['voters', `stake of ${alice}`, 'votes', 'stakedOf', [alice], 160],
  ['voters', `delegate of ${alice}`, 'votes', 'delegates', [alice]],
  ['voters', `delegate of ${consumer}`, 'votes', 'delegates', [consumer]],
  ['voters', `votes of ${owner}`, 'votes', 'getVotes', [owner], 48],
  ['members', 'subnet 2 members', 'members', 'memberCount', [2]],
  ['members', `subnet 2 member ${owner}`, 'members', 'isMember', [2, owner]],
  ['members', 'proposal 1 account', 'members', 'proposal', [1n]],
  ['members', `proposal 2 vote of ${owner}`, 'members', 'hasVoted', [2n, owner]],
  ['court', 'number of accusations', 'court', 'accusationCount', []],
  ['court', 'part that is slashed', 'court', 'slashBps', []],
  ['court', 'accusation 3 challenger', 'court', 'accusation', [3n]],
  ['court', 'accusation 3 accusedAt', 'court', 'accusation', [3n], 160],
  ['court', 'accusation 1 faultAt', 'court', 'accusation', [1n], 208],
  ['court', 'accusation 1 nodeId', 'court', 'accusation', [1n]],
  ['court', 'accusation 1 slashBps', 'court', 'accusation', [1n], 64],
  ['court', 'accusation 2 state', 'court', 'accusation', [2n], 80],
  ['court', 'accusation 2 requestDigest', 'court', 'accusation', [2n], 255],
  ['court', `accusation over ${accused.requestDigest}`, 'court', 'accusationOf', [accused.requestDigest]],
  ['court', 'room for node 2', 'court', 'roomFor', [2n]],
  ['pools', 'node 2 held since', 'vault', 'heldSince', [2n]],
  ['pools', 'node 2 held since', 'vault', 'heldSince', [2n], 96],
  ['pools', 'node 2 slashes', 'vault', 'pool', [2n]],
  ['nodes', `${operator} retired at`, 'vault', 'retiredAt', [operator], 64],
  ['pools', 'stake of all', 'vault', 'totalStakeAt', [0], 48],
  ['accounts', `nodes of ${alice}`, 'vault', 'nodesOf', [alice]],
]

t.test('one falsified word of each ledger is found and named', async (t) => {
  for (const [section, what, role, method, args, bit = 0] of FALSIFIED) {
    const contract = contracts[role]
    const view = interfaceOf(contract.abi).encodeFunctionData(method, await settled(method, args))
    const found = await falsify(chain.rpc, contract.address, view, 1n << BigInt(bit), async () => {
      const { sections } = await auditNetwork(chain)
      const { differences } = sections.find((each) => each.section === section)!
      return differences.find((difference) => difference.what === what)
    })
    t.match(found, { contract: contract.name, what }, `${contract.name}: ${what}`)
    t.not(found?.rebuilt, found?.stored)
  }
  t.strictSame(differing(await auditNetwork(chain)), [], 'put back, nothing differs')
})

/** The moment that an audit of the block after this one asks the vault about. */
async function settled(method: string, args: readonly unknown[]): Promise<readonly unknown[]> {
  return method === 'totalStakeAt' ? [(await chain.latestBlock()).timestamp - 1] : args
}
