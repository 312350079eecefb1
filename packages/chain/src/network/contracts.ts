import { abis, type ContractName } from '@witan/contracts'
import type { Address } from '@witan/protocol'
import { bindContract } from '../abi/contract.js'
import type { Rpc } from '../rpc/rpc.js'
import type { ContractAddresses, NetworkFile } from './network-file.js'

export type Contracts = ReturnType<typeof bindContracts>

export const CONTRACT_NAMES = {
  kernel: 'EpochKernel',
  token: 'WitanToken',
  vault: 'StakeVault',
  subnets: 'Subnets',
  emission: 'Emission',
  consensus: 'Consensus',
  splitter: 'RevenueSplitter',
  channels: 'PaymentChannels',
  datasets: 'DatasetRegistry',
  models: 'ModelRegistry',
  governor: 'WitanGovernor',
  timelock: 'WitanTimelock',
  access: 'WitanAccess',
  court: 'DisputeCourt',
} as const satisfies Record<keyof ContractAddresses, ContractName>

export function bindContracts(addresses: ContractAddresses, rpc: Rpc) {
  return {
    kernel: bindContract('EpochKernel', abis.EpochKernel, addresses.kernel, rpc),
    token: bindContract('WitanToken', abis.WitanToken, addresses.token, rpc),
    vault: bindContract('StakeVault', abis.StakeVault, addresses.vault, rpc),
    subnets: bindContract('Subnets', abis.Subnets, addresses.subnets, rpc),
    emission: bindContract('Emission', abis.Emission, addresses.emission, rpc),
    consensus: bindContract('Consensus', abis.Consensus, addresses.consensus, rpc),
    splitter: bindContract('RevenueSplitter', abis.RevenueSplitter, addresses.splitter, rpc),
    channels: bindContract('PaymentChannels', abis.PaymentChannels, addresses.channels, rpc),
    datasets: bindContract('DatasetRegistry', abis.DatasetRegistry, addresses.datasets, rpc),
    models: bindContract('ModelRegistry', abis.ModelRegistry, addresses.models, rpc),
    governor: bindContract('WitanGovernor', abis.WitanGovernor, addresses.governor, rpc),
    timelock: bindContract('WitanTimelock', abis.WitanTimelock, addresses.timelock, rpc),
    access: bindContract('WitanAccess', abis.WitanAccess, addresses.access, rpc),
    court: bindContract('DisputeCourt', abis.DisputeCourt, addresses.court, rpc),
  }
}

export function contractsByAddress({
  contracts,
  membership,
  fork,
}: Pick<NetworkFile, 'contracts' | 'membership' | 'fork'>): ReadonlyMap<Address, ContractName> {
  const known = new Map<Address, ContractName>(roles().map((role) => [contracts[role], CONTRACT_NAMES[role]]))
  if (membership !== undefined) known.set(membership, 'MembershipToken')
  if (fork !== undefined) known.set(fork.claims, 'ForkClaim')
  return known
}

export function roles(): (keyof ContractAddresses)[] {
  return Object.keys(CONTRACT_NAMES) as (keyof ContractAddresses)[]
}
