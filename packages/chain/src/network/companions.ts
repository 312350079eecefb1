import { abis, type ContractName } from '@witan/contracts'
import type { Address } from '@witan/protocol'
import { bindContract } from '../abi/contract.js'
import type { Rpc } from '../rpc/rpc.js'
import type { Contracts } from './contracts.js'

/** The contracts that the network file does not name: others created them and know where they are. */
export type CompanionContracts = Awaited<ReturnType<typeof bindCompanions>>

export async function bindCompanions({ vault, subnets }: Contracts, rpc: Rpc) {
  const [votes, members] = await Promise.all([vault.read('votes', []), subnets.read('members', [])])
  return {
    votes: bindContract('StakeVotes', abis.StakeVotes, votes, rpc),
    members: bindContract('SubnetMembers', abis.SubnetMembers, members, rpc),
  }
}

/** All contracts whose events a command can show. */
export function withCompanions(
  contracts: ReadonlyMap<Address, ContractName>,
  { votes, members }: CompanionContracts,
): ReadonlyMap<Address, ContractName> {
  return new Map([...contracts, [votes.address, 'StakeVotes'], [members.address, 'SubnetMembers']])
}
