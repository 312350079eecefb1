import { writeFile } from 'node:fs/promises'
import { govPropose } from '../../commands/gov/propose.js'
import { govVote } from '../../commands/gov/vote.js'
import { stakeAdd } from '../../commands/stake/add.js'
import { toJson } from '../../output/json.js'
import { directRefusal, refusalOf } from '../refusal.js'
import type { Stage } from '../stage.js'
import type { GovernanceClaim } from './claims.js'
import { ATTACKER, HOLDER, MODEL_ID } from './governance-network.js'

const TOKEN = 10n ** 18n
/** Of the attacker's million: a hundred times what all others have staked. */
const LATE_STAKE = 500_000n * TOKEN

/**
 * A holder of most tokens, none of them staked, tries to propose; stakes after the snapshot of somebody's proposal and
 * tries to vote on it; and calls what only a decision may call.
 */
export async function attackWithTokens(stage: Stage<GovernanceClaim>): Promise<void> {
  const { client, context, addressOf } = stage
  const call = { contract: 'ModelRegistry', function: 'setModelPolicy', args: [MODEL_ID, `0x${'66'.repeat(32)}`] }
  const file = stage.path('proposals', 'attack.json')
  await writeFile(file, toJson({ description: '# Serve what I want\nTrust me.', calls: [call] }))
  const proposing = await refusalOf(() => govPropose.run({ ...stage.as(ATTACKER), file, unchecked: false }, context))
  const calling = await directRefusal(stage, ATTACKER, call)

  const bait = await govPropose.run({ ...stage.as(HOLDER), file, unchecked: false }, context)
  await stage.untilChainTime(bait.snapshotAt! + 1)
  const operator = addressOf('validator-1')
  await stakeAdd.run({ ...stage.as(ATTACKER), operator, amount: LATE_STAKE }, context)
  const proposal = bait.proposalId!
  const voted = await govVote.run({ ...stage.as(ATTACKER), proposal, choice: 'for', reason: 'mine' }, context)
  const proposals = await client.governance.proposals()
  const found = proposals.find(({ proposalId }) => proposalId === proposal)!
  await stage.untilChainTime(bait.votesUntil! + 1)
  const { state, forWei } = await client.governance.standing(found)
  const policy = await client.models.model(BigInt(MODEL_ID)).then((model) => model.policy)
  stage.book.observe(
    'attacker',
    proposing === 'VOTES_TOO_FEW' && calling === 'STAKERS_DECIDE' && voted.weightWei === 0n && state === 'defeated',
    {
      tokens: 1_000_000n * TOKEN,
      proposing,
      calling,
      stakedAfterTheSnapshot: LATE_STAKE,
      votesOfIt: voted.weightWei,
      proposal: found.number,
      votesFor: forWei,
      state,
      policy,
      transaction: voted.calls.at(-1)?.hash,
    },
  )
}
