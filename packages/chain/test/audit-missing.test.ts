// An audit over events of which one is missing: what it told is stored, and the audit names it.
import t from 'tap'
import { decodeLog, type RpcLog } from '../src/abi/events.js'
import { auditNetwork, type Rpc, type Section } from '../src/index.js'
import { bindCompanions, withCompanions } from '../src/network/companions.js'
import { ACTORS, liveBusily, ROLE } from './support/busy-network.js'
import { keyOf } from './support/keys.js'
import { startLocalChain } from './support/local-chain.js'
import { startPlay } from './support/play.js'
import { deployTestNetwork, testPlan } from './support/test-network.js'

t.setTimeout(290_000)

const local = await startLocalChain(['deployer', ...ACTORS])
t.teardown(() => local.stop())
const play = await startPlay(local, await deployTestNetwork(local, { ...testPlan(), unbonding: 7_200 }))
const { chain } = play
await liveBusily(play)
const { number: block } = await chain.latestBlock()
const contracts = withCompanions(
  chain.contractsByAddress,
  await bindCompanions(chain.contracts, chain.rpc, chain.network),
)

/** The first or the last event of a name, and what the audit says without it. */
type Missing = readonly [event: string, place: 0 | -1, section: Section, what: string]

const MISSING: readonly Missing[] = [
  ['WitanToken.Transfer', -1, 'tokens', `balance of ${chain.network.contracts.court}`],
  ['StakeVault.Staked', 0, 'pools', 'node 1 shares'],
  ['StakeVotes.StakeCounted', -1, 'voters', `stake of ${keyOf('alice').address} on node 2`],
  ['Subnets.NeuronRegistered', -1, 'neurons', 'subnet 1 number of slots'],
  ['Consensus.Committed', 0, 'votes', 'subnet 1 uid 0 commitments'],
  ['ModelRegistry.Transfer', 0, 'models', 'model 1 owner'],
  ['ModelRegistry.VersionPublished', 0, 'models', 'model 1 versions told'],
  ['DatasetRegistry.Transfer', 0, 'datasets', 'set 1 owner'],
  ['DatasetRegistry.Flagged', 0, 'datasets', 'flag 3 bond'],
  ['PaymentChannels.ChannelOpened', -1, 'channels', `channels opened by ${keyOf('consumer').address}`],
  ['RevenueSplitter.ValidatorPaid', 0, 'revenue', 'subnet 1 pot'],
  ['SubnetMembers.MemberRemoved', 0, 'members', 'subnet 2 roster'],
  ['DisputeCourt.Accused', -1, 'court', 'number of accusations'],
  ['WitanAccess.RoleAdminChanged', -1, 'access', `admin of role ${ROLE}`],
  ['WitanAccess.RoleGuardianChanged', 0, 'access', `guardian of role ${ROLE}`],
]

t.test('one missing event of each contract is found and named', async (t) => {
  for (const [name, place, section, what] of MISSING) {
    const rpc = without(name, place)
    const { sections } = await auditNetwork({ ...chain, rpc }, { block })
    const { differences } = sections.find((each) => each.section === section)!
    t.ok(
      differences.some((difference) => difference.what === what),
      `${name}: ${what}`,
    )
  }
})

/** An endpoint that leaves out one event. */
function without(name: string, place: 0 | -1): Rpc {
  const nameOf = (log: RpcLog) => {
    const event = decodeLog(log, contracts)
    return `${event?.contract}.${event?.name}`
  }
  return {
    async request<T>(method: string, params: readonly unknown[]) {
      const answer = await chain.rpc.request<T>(method, params)
      if (method !== 'eth_getLogs') return answer
      const logs = answer as RpcLog[]
      const left = logs.filter((log) => nameOf(log) === name).at(place)
      return logs.filter((log) => log !== left) as T
    },
  }
}
