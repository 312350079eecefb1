import type { Address } from '@witan/protocol'
import type { Output, ReadOptions } from '../../abi/contract.js'
import { type Abis, eventTopic } from '../../abi/events.js'
import { queryEventPages } from '../../events/query-events.js'
import type { CompanionContracts } from '../../network/companions.js'
import type { Connection } from '../../network/connect-chain.js'
import { uidTopic } from '../settled-epoch.js'

export interface MemberProposal extends Output<Abis['SubnetMembers'], 'proposal'> {
  readonly proposalId: bigint
}

const PAGE = 64

export function readMembers({ members }: Pick<CompanionContracts, 'members'>, { rpc, network }: Connection) {
  return {
    isMember: (netuid: number, account: Address, options?: ReadOptions): Promise<boolean> =>
      members.read('isMember', [netuid, account], options),

    count: (netuid: number, options?: ReadOptions): Promise<number> => members.read('memberCount', [netuid], options),

    /** How often a member was removed: proposals of an earlier roster have lapsed. */
    roster: (netuid: number, options?: ReadOptions): Promise<number> => members.read('rosterOf', [netuid], options),

    proposal: (proposalId: bigint, options?: ReadOptions): Promise<Output<Abis['SubnetMembers'], 'proposal'>> =>
      members.read('proposal', [proposalId], options),

    /** All proposals of a subnet, the oldest first. */
    async proposals(netuid: number, options?: ReadOptions): Promise<MemberProposal[]> {
      const count = Number(await members.read('proposalCount', [], options))
      const found: MemberProposal[] = []
      for (let from = 1; from <= count; from += PAGE) {
        const ids = Array.from({ length: Math.min(PAGE, count - from + 1) }, (_, index) => BigInt(from + index))
        const page = await Promise.all(
          ids.map(async (proposalId) => ({ proposalId, ...(await members.read('proposal', [proposalId], options)) })),
        )
        found.push(...page.filter((proposal) => proposal.netuid === netuid))
      }
      return found
    },

    /** The members of a consortium in the order of their admission, from its events. */
    async list(netuid: number, { signal }: ReadOptions = {}): Promise<Address[]> {
      const latest = Number(await rpc.request<string>('eth_blockNumber', [], { signal }))
      const filter = {
        contracts: new Map([[members.address, 'SubnetMembers' as const]]),
        topics: [
          [eventTopic('SubnetMembers', 'MemberAdmitted'), eventTopic('SubnetMembers', 'MemberRemoved')],
          uidTopic(netuid),
        ],
      }
      const present = new Set<Address>()
      for await (const events of queryEventPages(rpc, filter, network.deployedAtBlock, latest, { signal })) {
        for (const event of events) {
          if (event.name === 'MemberAdmitted') present.add(event.args.account)
          if (event.name === 'MemberRemoved') present.delete(event.args.account)
        }
      }
      return [...present]
    },
  }
}
