/**
 * The contracts of the network, compiled: typed ABIs and creation bytecode by contract name. The Solidity beside this
 * file is their source; `src/interfaces` documents every function, event and error.
 */
import { abis, bytecode } from './generated/index.js'

export { abis, bytecode }

export type ContractName = keyof typeof abis

/** In an order in which they can be deployed. */
export const contractNames = [
  'EpochKernel',
  'WitanToken',
  'StakeVault',
  'Subnets',
  'Emission',
  'Consensus',
  'RevenueSplitter',
  'PaymentChannels',
  'DatasetRegistry',
  'ModelRegistry',
  'MembershipToken',
  'WitanGovernor',
  'Committee',
  'ForkClaim',
  'DisputeCourt',
] as const satisfies readonly ContractName[]
