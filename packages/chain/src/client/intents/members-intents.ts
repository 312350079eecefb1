import type { Address } from '@witan/protocol'
import type { Intent } from '../../intent.js'
import type { CompanionContracts } from '../../network/companions.js'
import { makeIntent } from './make-intent.js'

export function membersIntents({ members }: Pick<CompanionContracts, 'members'>) {
  return {
    proposeMember: (netuid: number, account: Address, admit: boolean): Intent =>
      makeIntent(
        members,
        'propose',
        [netuid, account, admit],
        `propose to ${admit ? 'admit' : 'remove'} ${account} in subnet ${netuid}`,
      ),

    voteOnMember: (proposalId: bigint): Intent =>
      makeIntent(members, 'vote', [proposalId], `vote for proposal ${proposalId}`),
  }
}
