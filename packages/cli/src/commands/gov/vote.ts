import { VOTES } from '@witan/chain'
import { defineCommand } from '../../command/command.js'
import { option } from '../../command/option.js'
import { asAddress, asChoice, asText } from '../../command/parse.js'
import { formatTime, formatTokens } from '../../output/numbers.js'
import { openNetwork } from '../../settings/connection.js'
import { argumentsOf, renderSent, senderAddress, sendIntents, sendOptions } from '../../settings/sending.js'
import { findProposal, nameOf, proposalOption } from './proposals.js'

export const govVote = defineCommand({
  path: ['gov', 'vote'],
  summary: 'Vote on a proposal, once, with the stake that the account had or was delegated at its snapshot',
  options: {
    ...sendOptions,
    proposal: proposalOption,
    choice: option.required('--choice <choice>', 'for, against or abstain', asChoice(...VOTES)),
    reason: option.withDefault('--reason <text>', 'why, for everybody to read', asText, ''),
  },
  examples: ['gov vote --proposal 1 --choice for --reason "it pays for itself" --key owner'],
  async run({ proposal: wanted, choice, reason, ...values }, context) {
    const client = await openNetwork(values, context)
    const proposal = await findProposal(client, wanted, context)
    const intent = client.intents.castVote(proposal.proposalId, choice, reason)
    const sent = await sendIntents(client, [intent], values, context)
    const weightWei = argumentsOf(sent, 'VoteCast')?.weight ?? 0n
    return { number: proposal.number, proposalId: proposal.proposalId, choice, weightWei, ...sent }
  },
  render: ({ number, choice, weightWei, ...sent }) =>
    `${renderSent(sent)}\n${formatTokens(weightWei)} votes ${choice} proposal ${number}`,
})

export const govDelegate = defineCommand({
  path: ['gov', 'delegate'],
  summary: "Let another account vote with the key's stake from now on; proposals whose snapshot is over keep theirs",
  options: {
    ...sendOptions,
    to: option.required('--to <address>', 'who votes; the own address takes the votes back', asAddress),
  },
  examples: ['gov delegate --to 0x… --key owner'],
  async run({ to, ...values }, context) {
    const client = await openNetwork(values, context)
    const { intents, votes } = await client.companions()
    const account = await senderAddress(values, context)
    const before = await votes.delegateOf(account)
    const sent = await sendIntents(client, [intents.delegateVotes(to)], values, context)
    return { account, before, delegate: to, ...sent }
  },
  render: ({ before, delegate, ...sent }) => `${renderSent(sent)}\nbefore ${before}, now ${delegate}`,
})

export const govQueue = defineCommand({
  path: ['gov', 'queue'],
  summary: 'Begin the wait of a proposal that has succeeded; for anybody',
  options: { ...sendOptions, proposal: proposalOption },
  examples: ['gov queue --proposal 1 --key owner'],
  async run({ proposal: wanted, ...values }, context) {
    const client = await openNetwork(values, context)
    const proposal = await findProposal(client, wanted, context)
    const sent = await sendIntents(client, [client.intents.queueProposal(proposal)], values, context)
    const queued = argumentsOf(sent, 'ProposalQueued')
    const executableAt = queued === undefined ? null : Number(queued.etaSeconds)
    return { number: proposal.number, proposalId: proposal.proposalId, executableAt, ...sent }
  },
  render({ number, executableAt, ...sent }) {
    const when = executableAt === null ? '' : `\nproposal ${number} can be executed from ${formatTime(executableAt)} on`
    return `${renderSent(sent)}${when}`
  },
})

export const govExecute = defineCommand({
  path: ['gov', 'execute'],
  summary: 'Carry out a proposal whose wait is over; for anybody',
  options: { ...sendOptions, proposal: proposalOption },
  examples: ['gov execute --proposal 1 --key owner'],
  async run({ proposal: wanted, ...values }, context) {
    const client = await openNetwork(values, context)
    const proposal = await findProposal(client, wanted, context)
    const sent = await sendIntents(client, [client.intents.executeProposal(proposal)], values, context)
    return { number: proposal.number, proposalId: proposal.proposalId, name: nameOf(proposal), ...sent }
  },
  render: ({ name, ...sent }) => `${renderSent(sent)}\n${sent.dryRun ? 'would carry out' : 'carried out'} ${name}`,
})
