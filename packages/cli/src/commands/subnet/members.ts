import { defineCommand } from '../../command/command.js'
import { option, usageError } from '../../command/option.js'
import { asAddress, asInteger } from '../../command/parse.js'
import { formatTime } from '../../output/numbers.js'
import { renderTable } from '../../output/table.js'
import { netuidOption, networkOptions, openNetwork } from '../../settings/connection.js'
import { argumentsOf, renderSent, type Sent, sendIntents, sendOptions } from '../../settings/sending.js'

export const subnetMembers = defineCommand({
  path: ['subnet', 'members'],
  summary: 'List the members of a consortium and the proposals they can vote on',
  options: { ...networkOptions, netuid: netuidOption },
  examples: ['subnet members --netuid 2', 'subnet members --netuid 2 --json'],
  async run({ netuid, ...values }, context) {
    const client = await openNetwork(values, context)
    const { members } = await client.companions()
    const { signal } = context
    const [{ isConsortium }, list, proposals, roster, { timestamp }] = await Promise.all([
      client.subnets.subnet(netuid),
      members.list(netuid, { signal }),
      members.proposals(netuid),
      members.roster(netuid),
      client.latestBlock(),
    ])
    const isOpen = (proposal: (typeof proposals)[number]) =>
      !proposal.executed && proposal.roster === roster && proposal.expiresAt > timestamp
    const open = proposals.filter(isOpen).map(({ proposalId, account, admit, votes, expiresAt }) => {
      return { proposalId, account, admit, votes, votesNeeded: Math.floor(list.length / 2) + 1, expiresAt }
    })
    return { netuid, isConsortium, members: list, proposals: open }
  },
  render({ netuid, isConsortium, members, proposals }, { terminal }) {
    if (!isConsortium) return `subnet ${netuid} is open: anybody may register`
    type Proposal = (typeof proposals)[number]
    const table = renderTable<Proposal>(
      [
        { title: 'PROPOSAL', value: ({ proposalId }) => String(proposalId), align: 'right' },
        { title: 'WHAT', value: ({ admit }) => (admit ? 'admit' : 'remove') },
        { title: 'ACCOUNT', value: ({ account }) => account },
        { title: 'VOTES', value: ({ votes, votesNeeded }) => `${votes} of ${votesNeeded}`, align: 'right' },
        { title: 'UNTIL', value: ({ expiresAt }) => formatTime(expiresAt) },
      ],
      proposals,
      terminal.columns,
    )
    return [...members.map((member) => `member  ${member}`), ...(proposals.length === 0 ? [] : ['', table])].join('\n')
  },
})

export const subnetPropose = defineCommand({
  path: ['subnet', 'propose'],
  summary: 'Propose to admit an account to a consortium or to remove it, and vote for that; for members',
  options: {
    ...sendOptions,
    netuid: netuidOption,
    admit: option.optional('--admit <address>', 'who is to become a member', asAddress),
    remove: option.optional('--remove <address>', 'who is to be a member no more', asAddress),
  },
  examples: ['subnet propose --netuid 2 --admit 0x… --key owner', 'subnet propose --netuid 2 --remove 0x… --key owner'],
  async run({ netuid, admit, remove, ...values }, context) {
    const account = admit ?? remove
    if (account === undefined || (admit !== undefined && remove !== undefined)) {
      throw usageError('Give either --admit or --remove')
    }
    const client = await openNetwork(values, context)
    const { intents } = await client.companions()
    const intent = intents.proposeMember(netuid, account, admit !== undefined)
    const sent = await sendIntents(client, [intent], values, context)
    const proposed = argumentsOf(sent, 'Proposed')
    return {
      netuid,
      account,
      proposalId: proposed?.proposalId ?? null,
      expiresAt: proposed?.expiresAt ?? null,
      ...outcomeOf(sent),
      ...sent,
    }
  },
  render({ proposalId, expiresAt, executed, votes, ...sent }) {
    if (proposalId === null) return renderSent(sent)
    const state = executed ? 'carried at once' : `${votes} votes, open until ${formatTime(expiresAt!)}`
    return `${renderSent(sent)}\nproposal ${proposalId}: ${state}`
  },
})

export const subnetVote = defineCommand({
  path: ['subnet', 'vote'],
  summary: 'Vote for a proposal of a consortium; the vote that makes a majority carries it out',
  options: {
    ...sendOptions,
    proposal: option.required('--proposal <id>', 'as `subnet members` lists it', asInteger(1)),
  },
  examples: ['subnet vote --proposal 1 --key owner'],
  async run({ proposal, ...values }, context) {
    const client = await openNetwork(values, context)
    const { intents } = await client.companions()
    const sent = await sendIntents(client, [intents.voteOnMember(BigInt(proposal))], values, context)
    return { proposalId: proposal, ...outcomeOf(sent), ...sent }
  },
  render: ({ proposalId, votes, executed, ...sent }) =>
    `${renderSent(sent)}\nproposal ${proposalId}: ${votes} votes${executed ? ', carried out' : ''}`,
})

function outcomeOf(sent: Sent) {
  const executed = argumentsOf(sent, 'MemberAdmitted') !== undefined || argumentsOf(sent, 'MemberRemoved') !== undefined
  return { votes: Number(argumentsOf(sent, 'Voted')?.votes ?? 0n), executed }
}
