import { abis, bytecode, type ContractName } from '@witan/contracts'
import type { Address, Hex } from '@witan/protocol'
import { getCreateAddress } from 'ethers'
import { interfaceOf } from '../abi/interface-of.js'
import type { Intent } from '../intent.js'
import { CONTRACT_NAMES } from '../network/contracts.js'
import type { ContractAddresses } from '../network/network-file.js'
import { courtTermsOf } from './court-terms.js'
import type { DeployPlan } from './deploy-file.js'
import { governanceTermsOf } from './governance-terms.js'

export type Role = keyof ContractAddresses

/** The contracts that the deployer creates; the governor creates its timelock and its permissions. */
export type DeployRole = Exclude<Role, 'timelock' | 'access'>

/** Contracts that only some networks have. */
export type OptionalRole = 'membership' | 'claims'
export type AnyDeployRole = DeployRole | OptionalRole

const OPTIONAL_NAMES = { membership: 'MembershipToken', claims: 'ForkClaim' } as const satisfies Record<
  OptionalRole,
  ContractName
>

export const contractNameOf = (role: AnyDeployRole): ContractName => ({ ...CONTRACT_NAMES, ...OPTIONAL_NAMES })[role]

/** The order of deployment. The kernel takes no address: its nonce fixes those of all the others. */
export const DEPLOY_ORDER: readonly DeployRole[] = [
  'kernel',
  'token',
  'vault',
  'subnets',
  'emission',
  'consensus',
  'governor',
  'splitter',
  'channels',
  'datasets',
  'models',
  'court',
]

/** The contracts that a plan has, in the order of deployment. */
export function deployOrder({ votes, fork }: Pick<DeployPlan, 'votes' | 'fork'>): readonly AnyDeployRole[] {
  // The governor asks who votes when it is created.
  const voting = DEPLOY_ORDER.flatMap((role): AnyDeployRole[] =>
    role === 'governor' && votes === 'members' ? ['membership', role] : [role],
  )
  return fork === undefined ? voting : [...voting, 'claims']
}

export type PlannedAddresses = ContractAddresses & Partial<Record<OptionalRole, Address>>

/** The addresses that a deployer gives from `firstNonce` on. */
export function plannedAddresses(
  plan: Pick<DeployPlan, 'votes' | 'fork'>,
  deployer: Address,
  firstNonce: number,
): PlannedAddresses {
  const planned = Object.fromEntries(
    deployOrder(plan).map((role, index) => [role, createdBy(deployer, firstNonce + index)]),
  ) as Record<DeployRole, Address> & Partial<Record<OptionalRole, Address>>
  return { ...planned, timelock: createdBy(planned.governor, 1), access: createdBy(planned.governor, 2) }
}

const NOBODY = `0x${'0'.repeat(40)}` as const

/** A contract's own nonces begin at 1. */
const createdBy = (from: Address, nonce: number) => getCreateAddress({ from, nonce }).toLowerCase() as Address

export function creationOf(role: AnyDeployRole, plan: DeployPlan, addresses: PlannedAddresses | undefined): Intent {
  return creation(contractNameOf(role), addresses === undefined ? [] : argumentsOf(role, plan, addresses))
}

function creation(contract: ContractName, args: readonly unknown[]): Intent {
  const encoded = interfaceOf(abis[contract]).encodeDeploy(args)
  return {
    to: null,
    data: `${bytecode[contract]}${encoded.slice(2)}` as Hex,
    valueWei: 0n,
    description: `deploy ${contract}`,
    call: { contract, method: 'constructor', args: { ...args } },
  }
}

/** What the governor creates first, as if somebody else did: its code answers for the terms of the plan. */
export function timelockCreation(plan: DeployPlan): Intent {
  const { timelockDelay, executionWindow, minCycle, maxCycle } = governanceTermsOf(plan)
  return creation('WitanTimelock', [timelockDelay, executionWindow, minCycle, maxCycle, plan.unbonding])
}

export function creationTerms({ subnetPrice, subnetPriceHalfLife, subnetLock, listedFromStart }: DeployPlan) {
  return { floorPrice: subnetPrice, halfLife: subnetPriceHalfLife, lock: subnetLock, listedFromStart }
}

function emissionTerms({ bountyCap, gaugePeriod, maxShareBps }: DeployPlan) {
  return { bountyCap, gaugePeriod, maxShareBps }
}

/** Who receives the treasury's part of revenue: what the stakers decide with, unless the plan names somebody. */
export const treasuryOf = ({ treasury }: DeployPlan, { timelock }: ContractAddresses): Address => treasury ?? timelock

/** What the subnets contract creates first. */
export const membersOf = ({ subnets }: ContractAddresses): Address =>
  getCreateAddress({ from: subnets, nonce: 1 }).toLowerCase() as Address

/** Tokens before any emission; in a fork also those that holders claim and those of its treasury. */
export function genesisOf({ genesis, fork }: DeployPlan, { claims, timelock }: PlannedAddresses) {
  if (fork === undefined || claims === undefined) return genesis
  return [...genesis, { address: claims, amount: fork.supply }, { address: timelock, amount: fork.treasury }]
}

function claimsPeers(plan: DeployPlan, addresses: PlannedAddresses) {
  const { token, vault, subnets, datasets, models } = addresses
  return { token, vault, subnets, datasets, models, treasury: treasuryOf(plan, addresses) }
}

function splitterPeers(plan: DeployPlan, addresses: ContractAddresses) {
  const { token, vault, subnets, consensus } = addresses
  const [members, models, treasury] = [membersOf(addresses), addresses.models, treasuryOf(plan, addresses)]
  return { token, vault, subnets, members, consensus, models, treasury }
}

function argumentsOf(role: AnyDeployRole, plan: DeployPlan, addresses: PlannedAddresses): unknown[] {
  const { kernel, token, vault, subnets, emission, consensus, timelock, access, splitter, datasets, court } = addresses
  const { unbonding, rewardUnlock, moveLock, minEpochLength, channelGrace, tableDelay } = plan
  switch (role) {
    case 'kernel':
      return []
    case 'token': {
      const genesis = genesisOf(plan, addresses)
      return [emission, genesis.map(({ address }) => address), genesis.map(({ amount }) => amount)]
    }
    case 'vault':
      return [token, subnets, emission, access, unbonding, rewardUnlock, moveLock]
    case 'subnets':
      return [token, vault, emission, consensus, access, creationTerms(plan), minEpochLength]
    case 'emission':
      return [token, vault, subnets, consensus, access, emissionTerms(plan)]
    case 'consensus':
      return [subnets, vault, emission, kernel]
    case 'governor':
      return [vault, court, { ...governanceTermsOf(plan), voters: addresses.membership ?? NOBODY }]
    case 'membership':
      return [access, plan.members]
    case 'claims':
      return [claimsPeers(plan, addresses), plan.fork]
    case 'splitter':
      return [splitterPeers(plan, addresses), tableDelay]
    case 'channels':
      return [token, vault, splitter, channelGrace]
    case 'datasets':
      return [access, token, plan.datasetVote, plan.datasetCorrection]
    case 'models':
      return [access, datasets, plan.modelGrace]
    case 'court':
      return [token, vault, subnets, timelock, access, courtTermsOf(plan)]
  }
}
