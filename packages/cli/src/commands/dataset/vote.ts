import { defineCommand } from '../../command/command.js'
import { option, toggle } from '../../command/option.js'
import { asBigInteger } from '../../command/parse.js'
import { openNetwork } from '../../settings/connection.js'
import { renderSent, sendIntents, sendOptions } from '../../settings/sending.js'

const OUTCOMES = ['open', 'accepted', 'refused', 'lapsed'] as const

export const datasetVote = defineCommand({
  path: ['dataset', 'vote'],
  summary: 'Vote as a curator to include a version or to uphold a flag, or against it',
  options: {
    ...sendOptions,
    ballot: option.required('--ballot <number>', 'the ballot', asBigInteger),
    against: toggle('--against', 'vote against it'),
  },
  examples: ['dataset vote --ballot 1 --key curator', 'dataset vote --ballot 2 --against --key curator'],
  async run({ ballot: ballotId, against, ...values }, context) {
    const client = await openNetwork(values, context)
    const sent = await sendIntents(client, [client.intents.voteOnBallot(ballotId, !against)], values, context)
    const { setId, kind, yes, no, outcome } = await client.datasets.ballot(ballotId)
    return { ballotId, setId, kind: kind === 0 ? 'inclusion' : 'flag', yes, no, outcome: OUTCOMES[outcome]!, ...sent }
  },
  render: ({ ballotId, setId, kind, yes, no, outcome, ...sent }) =>
    `${renderSent(sent)}\nballot ${ballotId} (${kind}, data set ${setId}): ${yes} for, ${no} against, ${outcome}`,
})
