import {
  type ChainClient,
  type DecodedCall,
  decodeCall,
  type ProposalContent,
  type ProposalStanding,
  type Proposed,
  titleOf,
} from '@witan/chain'
import { type Hex, WitanError } from '@witan/protocol'
import type { CommandContext } from '../../command/context.js'
import { option, usageError } from '../../command/option.js'
import { toJson } from '../../output/json.js'
import { formatDuration, formatTime } from '../../output/numbers.js'

export const proposalOption = option.required(
  '--proposal <number>',
  'its number as `gov list` shows it, or its long identifier',
  (text) => {
    if (/^[1-9]\d{0,77}$/.test(text)) return BigInt(text)
    throw usageError(`${text} is not the number of a proposal`)
  },
)

/** Throws `PROPOSAL_UNKNOWN`. */
export async function findProposal(
  { governance }: ChainClient,
  wanted: bigint,
  { signal }: CommandContext,
): Promise<Proposed> {
  const proposals = await governance.proposals({ signal })
  const found = proposals.find(({ number, proposalId }) => BigInt(number) === wanted || proposalId === wanted)
  if (found !== undefined) return found
  throw new WitanError('PROPOSAL_UNKNOWN', 'There is no such proposal', {
    facts: { proposal: wanted, proposals: proposals.length },
  })
}

/** A call as it is proposed: what it means where a contract of the network is called. */
export interface ShownCall {
  readonly to: string
  readonly call: DecodedCall | null
  readonly data: Hex
}

export async function showCalls(client: ChainClient, { calls }: ProposalContent): Promise<ShownCall[]> {
  const { contractsByAddress } = await client.companions()
  return calls.map((call) => ({ to: call.to!, call: decodeCall(call, contractsByAddress) ?? null, data: call.data }))
}

export function renderCall({ to, call, data }: ShownCall): string {
  if (call === null) return `  ${to} ${data}  (no contract of the network)`
  return `  ${call.contract}.${call.method}(${toJson(call.args).replaceAll(/\s*\n\s*/g, ' ')})`
}

/** What can be done next and when, at `now`; times in unix seconds. */
export function nextStep(
  { state, votesUntil, executableAt, expiresAt }: ProposalStanding,
  snapshotAt: number,
  now: number,
) {
  const at = (time: number) => `${formatTime(time)}, in ${formatDuration(time - now)}`
  switch (state) {
    case 'pending':
      return `voting begins after ${at(snapshotAt)}`
    case 'active':
      return `vote until ${at(votesUntil)}`
    case 'succeeded':
      return `queue it; it expires after ${at(expiresAt)}`
    case 'queued':
      return executableAt !== null && executableAt > now
        ? `execute it from ${at(executableAt)} on`
        : `execute it; it expires after ${at(expiresAt)}`
    default:
      return 'nothing more'
  }
}

export const nameOf = (proposal: Pick<Proposed, 'number' | 'description'>) =>
  `proposal ${proposal.number}: ${titleOf(proposal)}`
