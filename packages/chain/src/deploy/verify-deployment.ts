import { abis } from '@witan/contracts'
import { type Address, type Hex, WitanError } from '@witan/protocol'
import { interfaceOf } from '../abi/interface-of.js'
import { bindContracts, CONTRACT_NAMES, roles } from '../network/contracts.js'
import { type Rpc, toBlockParameter } from '../rpc/rpc.js'
import { courtTermsOf } from './court-terms.js'
import { genesisOf, membersOf, type PlannedAddresses, type Role, treasuryOf } from './creations.js'
import type { DeployPlan } from './deploy-file.js'
import { governanceTermsOf } from './governance-terms.js'
import { verifyClaims, verifyMembership } from './verify-optional.js'

/** What the court does to stake; it has the role for it from the start. */
const COURT_CALLS = ['hold', 'release', 'slash'] as const

/** Each contract is there and names the others, and the plan's numbers, as planned. Throws `DEPLOY_MISMATCH`. */
export async function verifyDeployment(rpc: Rpc, plan: DeployPlan, addresses: PlannedAddresses): Promise<void> {
  await Promise.all(roles().map((role) => requireCode(rpc, role, addresses[role])))
  const {
    token,
    vault,
    subnets,
    emission,
    consensus,
    governor,
    timelock,
    access,
    splitter,
    channels,
    datasets,
    models,
    court,
  } = bindContracts(addresses, rpc)
  const terms = governanceTermsOf(plan)
  const courtTerms = courtTermsOf(plan)
  const votes = addresses.membership ?? (await vault.read('votes', []))
  const holds = async (role: 'PROPOSER_ROLE' | 'CANCELLER_ROLE' | 'EXECUTOR_ROLE') =>
    timelock.read('hasRole', [await timelock.read(role, []), addresses.governor])
  const creation = subnets.read('creationTerms', [])
  const genesisWei = genesisOf(plan, addresses).reduce((sum, { amount }) => sum + amount, 0n)
  const facts: readonly [Role, string, Promise<unknown>, unknown][] = [
    ['token', 'emission', token.read('emission', []), addresses.emission],
    ['token', 'genesisSupply', token.read('genesisSupply', []), genesisWei],
    ['vault', 'token', vault.read('token', []), addresses.token],
    ['vault', 'subnets', vault.read('subnets', []), addresses.subnets],
    ['vault', 'emission', vault.read('emission', []), addresses.emission],
    ['vault', 'authority', vault.read('authority', []), addresses.access],
    ['vault', 'unbonding', vault.read('unbonding', []), plan.unbonding],
    ['vault', 'rewardUnlock', vault.read('rewardUnlock', []), plan.rewardUnlock],
    ['vault', 'moveLock', vault.read('moveLock', []), plan.moveLock],
    ['subnets', 'token', subnets.read('token', []), addresses.token],
    ['subnets', 'vault', subnets.read('vault', []), addresses.vault],
    ['subnets', 'emission', subnets.read('emission', []), addresses.emission],
    ['subnets', 'consensus', subnets.read('consensus', []), addresses.consensus],
    ['subnets', 'authority', subnets.read('authority', []), addresses.access],
    ['subnets', 'listedFromStart', creation.then((terms) => terms.listedFromStart), plan.listedFromStart],
    ['subnets', 'subnetPrice', creation.then((terms) => terms.floorPrice), plan.subnetPrice],
    ['subnets', 'subnetPriceHalfLife', creation.then((terms) => terms.halfLife), plan.subnetPriceHalfLife],
    ['subnets', 'subnetLock', creation.then((terms) => terms.lock), plan.subnetLock],
    ['subnets', 'minEpochLength', subnets.read('minEpochLength', []), plan.minEpochLength],
    ['emission', 'token', emission.read('token', []), addresses.token],
    ['emission', 'vault', emission.read('vault', []), addresses.vault],
    ['emission', 'subnets', emission.read('subnets', []), addresses.subnets],
    ['emission', 'consensus', emission.read('consensus', []), addresses.consensus],
    ['emission', 'authority', emission.read('authority', []), addresses.access],
    ['emission', 'bountyCap', emission.read('bountyCap', []), plan.bountyCap],
    ['emission', 'gaugePeriod', emission.read('gaugePeriod', []), plan.gaugePeriod],
    ['emission', 'maxShareBps', emission.read('maxShareBps', []), plan.maxShareBps],
    ['consensus', 'subnets', consensus.read('subnets', []), addresses.subnets],
    ['consensus', 'vault', consensus.read('vault', []), addresses.vault],
    ['consensus', 'emission', consensus.read('emission', []), addresses.emission],
    ['consensus', 'kernel', consensus.read('kernel', []), addresses.kernel],
    ['subnets', 'members', subnets.read('members', []), membersOf(addresses)],
    ['splitter', 'token', splitter.read('token', []), addresses.token],
    ['splitter', 'vault', splitter.read('vault', []), addresses.vault],
    ['splitter', 'subnets', splitter.read('subnets', []), addresses.subnets],
    ['splitter', 'members', splitter.read('members', []), membersOf(addresses)],
    ['splitter', 'consensus', splitter.read('consensus', []), addresses.consensus],
    ['splitter', 'treasury', splitter.read('treasury', []), treasuryOf(plan, addresses)],
    ['splitter', 'tableDelay', splitter.read('tableDelay', []), plan.tableDelay],
    ['channels', 'token', channels.read('token', []), addresses.token],
    ['channels', 'vault', channels.read('vault', []), addresses.vault],
    ['channels', 'splitter', channels.read('splitter', []), addresses.splitter],
    ['channels', 'grace', channels.read('grace', []), plan.channelGrace],
    ['datasets', 'token', datasets.read('token', []), addresses.token],
    ['datasets', 'votePeriod', datasets.read('votePeriod', []), plan.datasetVote],
    ['datasets', 'correctionPeriod', datasets.read('correctionPeriod', []), plan.datasetCorrection],
    ['models', 'datasets', models.read('datasets', []), addresses.datasets],
    ['models', 'gracePeriod', models.read('gracePeriod', []), plan.modelGrace],
    ['splitter', 'models', splitter.read('models', []), addresses.models],
    ['datasets', 'authority', datasets.read('authority', []), addresses.access],
    ['models', 'authority', models.read('authority', []), addresses.access],
    ['governor', 'token', governor.read('token', []), votes],
    ['governor', 'timelock', governor.read('timelock', []), addresses.timelock],
    ['governor', 'access', governor.read('access', []), addresses.access],
    ['governor', 'votingDelay', governor.read('votingDelay', []), BigInt(terms.votingDelay)],
    ['governor', 'votingPeriod', governor.read('votingPeriod', []), BigInt(terms.votingPeriod)],
    ['governor', 'voteExtension', governor.read('lateQuorumVoteExtension', []), terms.voteExtension],
    ['governor', 'superQuorumPercent', governor.read('superQuorumNumerator', []), BigInt(terms.superQuorumPercent)],
    ['governor', 'proposalThreshold', governor.read('proposalThreshold', []), terms.proposalThreshold],
    ['governor', 'maxProposalThreshold', governor.read('maxProposalThreshold', []), terms.maxProposalThreshold],
    ['governor', 'guardianTerm', governor.read('guardianTerm', []), terms.guardianTerm],
    ['timelock', 'governor', timelock.read('governor', []), addresses.governor],
    ['timelock', 'timelockDelay', timelock.read('getMinDelay', []), BigInt(terms.timelockDelay)],
    ['timelock', 'executionWindow', timelock.read('executionWindow', []), terms.executionWindow],
    ['timelock', 'minCycle', timelock.read('minCycle', []), terms.minCycle],
    ['timelock', 'maxCycle', timelock.read('maxCycle', []), terms.maxCycle],
    ['timelock', 'PROPOSER_ROLE', holds('PROPOSER_ROLE'), true],
    ['timelock', 'CANCELLER_ROLE', holds('CANCELLER_ROLE'), true],
    ['timelock', 'EXECUTOR_ROLE', holds('EXECUTOR_ROLE'), true],
    ['court', 'token', court.read('token', []), addresses.token],
    ['court', 'vault', court.read('vault', []), addresses.vault],
    ['court', 'subnets', court.read('subnets', []), addresses.subnets],
    ['court', 'authority', court.read('authority', []), addresses.access],
    ['court', 'bond', court.read('bond', []), courtTerms.bond],
    ['court', 'slashBps', court.read('slashBps', []), courtTerms.slashBps],
    ['court', 'wait', court.read('wait', []), terms.maxCycle + courtTerms.margin],
    ...COURT_CALLS.map((name): [Role, string, Promise<unknown>, unknown] => {
      const selector = interfaceOf(abis.StakeVault).getFunction(name)!.selector as Hex
      const may = access.read('canCall', [addresses.court, addresses.vault, selector])
      return ['access', `court may ${name}`, may.then(([immediate]) => immediate), true]
    }),
    ['access', 'ADMIN_ROLE', access.read('hasRole', [0n, addresses.timelock]).then(([isMember]) => isMember), true],
  ]
  await Promise.all([
    ...facts.map(async ([role, field, reading, planned]) => {
      const found = await reading
      if (found !== planned) throw mismatch(role, { field, planned: String(planned), found: String(found) })
    }),
    verifyMembership(rpc, plan, addresses),
    verifyClaims(rpc, plan, addresses),
  ])
}

async function requireCode(rpc: Rpc, role: Role, address: Address): Promise<void> {
  const code = await rpc.request<string>('eth_getCode', [address, toBlockParameter('latest')])
  if (code.length <= 2) throw mismatch(role, { address, found: 'no code' })
}

function mismatch(role: Role, facts: Record<string, string>): WitanError {
  return new WitanError('DEPLOY_MISMATCH', 'A deployed contract is not as planned', {
    facts: { contract: CONTRACT_NAMES[role], ...facts },
  })
}
