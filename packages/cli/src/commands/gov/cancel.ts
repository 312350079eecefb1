import { defineCommand } from '../../command/command.js'
import { openNetwork } from '../../settings/connection.js'
import { renderSent, sendIntents, sendOptions } from '../../settings/sending.js'
import { findProposal, nameOf, proposalOption } from './proposals.js'

export const govCancel = defineCommand({
  path: ['gov', 'cancel'],
  summary: 'Cancel a proposal: for its proposer before the vote begins, and for the guardian during its term',
  options: { ...sendOptions, proposal: proposalOption },
  examples: ['gov cancel --proposal 1 --key owner', 'gov cancel --proposal 1 --key guardian --dry-run'],
  async run({ proposal: wanted, ...values }, context) {
    const client = await openNetwork(values, context)
    const proposal = await findProposal(client, wanted, context)
    const sent = await sendIntents(client, [client.intents.cancelProposal(proposal)], values, context)
    return { number: proposal.number, proposalId: proposal.proposalId, name: nameOf(proposal), ...sent }
  },
  render: ({ name, ...sent }) => `${renderSent(sent)}\n${sent.dryRun ? 'would cancel' : 'canceled'} ${name}`,
})
