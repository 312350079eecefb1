import { abis, bytecode, type ContractName } from '@witan/contracts'
import type { Address, Hex } from '@witan/protocol'
import { getCreateAddress } from 'ethers'
import { interfaceOf } from '../abi/interface-of.js'
import type { Intent } from '../intent.js'
import { CONTRACT_NAMES } from '../network/contracts.js'
import type { ContractAddresses } from '../network/network-file.js'
import type { DeployPlan } from './deploy-file.js'

/** Nobody slashes until there is a court. */
const ZERO_ADDRESS: Address = `0x${'0'.repeat(40)}`

export type Role = keyof ContractAddresses

/** The order of deployment. The kernel takes no address: its nonce fixes those of all the others. */
export const DEPLOY_ORDER: readonly Role[] = [
  'kernel',
  'token',
  'vault',
  'subnets',
  'emission',
  'consensus',
  'splitter',
  'channels',
  'datasets',
  'models',
]

/** The addresses that a deployer gives from `firstNonce` on. */
export function plannedAddresses(deployer: Address, firstNonce: number): ContractAddresses {
  const planned = DEPLOY_ORDER.map((role, index) => [
    role,
    getCreateAddress({ from: deployer, nonce: firstNonce + index }).toLowerCase(),
  ])
  return Object.fromEntries(planned) as ContractAddresses
}

export function creationOf(
  role: Role,
  plan: DeployPlan,
  addresses: ContractAddresses | undefined,
  deployer: Address,
): Intent {
  const contract: ContractName = CONTRACT_NAMES[role]
  const args = addresses === undefined ? [] : argumentsOf(role, plan, addresses, deployer)
  const encoded = interfaceOf(abis[contract]).encodeDeploy(args)
  return {
    to: null,
    data: `${bytecode[contract]}${encoded.slice(2)}` as Hex,
    valueWei: 0n,
    description: `deploy ${contract}`,
    call: { contract, method: 'constructor', args: { ...args } },
  }
}

export function creationTerms({ subnetPrice, subnetPriceHalfLife, subnetLock }: DeployPlan) {
  return { floorPrice: subnetPrice, halfLife: subnetPriceHalfLife, lock: subnetLock }
}

function emissionTerms({ bountyCap, gaugePeriod, maxShareBps }: DeployPlan) {
  return { bountyCap, gaugePeriod, maxShareBps }
}

/** Who receives the treasury's part of revenue. */
export const treasuryOf = ({ treasury, genesis }: DeployPlan): Address => treasury ?? genesis[0]!.address

/** What the subnets contract creates first. */
export const membersOf = ({ subnets }: ContractAddresses): Address =>
  getCreateAddress({ from: subnets, nonce: 1 }).toLowerCase() as Address

function splitterPeers(plan: DeployPlan, addresses: ContractAddresses) {
  const { token, vault, subnets, consensus } = addresses
  const [members, models, treasury] = [membersOf(addresses), addresses.models, treasuryOf(plan)]
  return { token, vault, subnets, members, consensus, models, treasury }
}

/** @param deployer the registries' authority, until it hands them to the contract of the stakers' decisions */
function argumentsOf(role: Role, plan: DeployPlan, addresses: ContractAddresses, deployer: Address): unknown[] {
  const { kernel, token, vault, subnets, emission, consensus, splitter, datasets } = addresses
  const { genesis, unbonding, rewardUnlock, moveLock, minEpochLength, channelGrace, tableDelay } = plan
  switch (role) {
    case 'kernel':
      return []
    case 'token':
      return [emission, genesis.map(({ address }) => address), genesis.map(({ amount }) => amount)]
    case 'vault':
      return [token, subnets, emission, ZERO_ADDRESS, unbonding, rewardUnlock, moveLock]
    case 'subnets':
      return [token, vault, emission, consensus, creationTerms(plan), minEpochLength]
    case 'emission':
      return [token, vault, subnets, consensus, emissionTerms(plan)]
    case 'consensus':
      return [subnets, vault, emission, kernel]
    case 'splitter':
      return [splitterPeers(plan, addresses), tableDelay]
    case 'channels':
      return [token, vault, splitter, channelGrace]
    case 'datasets':
      return [deployer, token, plan.datasetVote, plan.datasetCorrection]
    case 'models':
      return [deployer, datasets, plan.modelGrace]
  }
}
