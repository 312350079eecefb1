import { keccak256Hex } from '@witan/protocol'
import type { Call, Intent } from '../../intent.js'
import type { Contracts } from '../../network/contracts.js'
import { makeIntent } from './make-intent.js'

/** The calls of a proposal and its text, which together are its identity. */
export interface ProposalContent {
  readonly calls: readonly Call[]
  readonly description: string
}

export const VOTES = ['against', 'for', 'abstain'] as const
export type VoteChoice = (typeof VOTES)[number]

export function governanceIntents({ governor }: Pick<Contracts, 'governor'>) {
  return {
    propose: (content: ProposalContent): Intent =>
      makeIntent(
        governor,
        'propose',
        [...listsOf(content), content.description],
        `propose ${content.calls.length === 1 ? 'a call' : `${content.calls.length} calls`}: ${titleOf(content)}`,
      ),

    castVote: (proposalId: bigint, choice: VoteChoice, reason: string): Intent =>
      makeIntent(
        governor,
        'castVoteWithReason',
        [proposalId, VOTES.indexOf(choice), reason],
        `vote ${choice} on proposal ${proposalId}`,
      ),

    queueProposal: (content: ProposalContent): Intent =>
      makeIntent(governor, 'queue', [...listsOf(content), hashOf(content)], `queue the proposal: ${titleOf(content)}`),

    cancelProposal: (content: ProposalContent): Intent =>
      makeIntent(
        governor,
        'cancel',
        [...listsOf(content), hashOf(content)],
        `cancel the proposal: ${titleOf(content)}`,
      ),

    executeProposal: (content: ProposalContent): Intent =>
      makeIntent(
        governor,
        'execute',
        [...listsOf(content), hashOf(content)],
        `execute the proposal: ${titleOf(content)}`,
      ),
  }
}

/** The first line of the text. */
export function titleOf({ description }: Pick<ProposalContent, 'description'>): string {
  return description.split('\n', 1)[0]!.replace(/^#+\s*/, '')
}

function listsOf({ calls }: ProposalContent) {
  return [calls.map(({ to }) => to!), calls.map(({ valueWei }) => valueWei), calls.map(({ data }) => data)] as const
}

const hashOf = ({ description }: ProposalContent) => keccak256Hex(new TextEncoder().encode(description))
