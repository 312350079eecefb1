import { abis, type ContractName } from '@witan/contracts'
import type { Address } from '@witan/protocol'
import { bindContract } from '../abi/contract.js'
import type { Rpc } from '../rpc/rpc.js'
import type { Contracts } from './contracts.js'
import type { NetworkFile } from './network-file.js'

/** The contracts that the network file does not name: others created them and know where they are. */
export type CompanionContracts = Awaited<ReturnType<typeof bindCompanions>>

export async function bindCompanions(
  { vault, subnets }: Contracts,
  rpc: Rpc,
  { membership, fork }: Pick<NetworkFile, 'membership' | 'fork'>,
) {
  const [votes, members] = await Promise.all([vault.read('votes', []), subnets.read('members', [])])
  return {
    stakeVotes: bindContract('StakeVotes', abis.StakeVotes, votes, rpc),
    /** Of whoever decides: where members do, this is their token, which speaks as the votes of stake do. */
    votes: bindContract(
      membership === undefined ? 'StakeVotes' : 'MembershipToken',
      abis.StakeVotes,
      membership ?? votes,
      rpc,
    ),
    /** Where members decide: who they are. */
    membership:
      membership === undefined ? undefined : bindContract('MembershipToken', abis.MembershipToken, membership, rpc),
    /** Of a fork: what pays the claims. */
    claims: fork === undefined ? undefined : bindContract('ForkClaim', abis.ForkClaim, fork.claims, rpc),
    members: bindContract('SubnetMembers', abis.SubnetMembers, members, rpc),
  }
}

/** All contracts whose events a command can show. */
export function withCompanions(
  contracts: ReadonlyMap<Address, ContractName>,
  { stakeVotes, members }: CompanionContracts,
): ReadonlyMap<Address, ContractName> {
  return new Map([...contracts, [stakeVotes.address, 'StakeVotes'], [members.address, 'SubnetMembers']])
}
