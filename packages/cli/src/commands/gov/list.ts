import { titleOf } from '@witan/chain'
import { mapOf } from '@witan/runtime'
import { defineCommand } from '../../command/command.js'
import { formatDuration, formatTime, formatTokens } from '../../output/numbers.js'
import { renderTable } from '../../output/table.js'
import { networkOptions, openNetwork } from '../../settings/connection.js'
import { findProposal, nameOf, nextStep, proposalOption, renderCall, showCalls } from './proposals.js'

export const govList = defineCommand({
  path: ['gov', 'list'],
  summary: 'List the proposals, and how they are decided',
  options: networkOptions,
  examples: ['gov list', 'gov list --json'],
  async run(values, context) {
    const client = await openNetwork(values, context)
    const { signal } = context
    const [settings, proposed] = await Promise.all([
      client.governance.settings({ signal }),
      client.governance.proposals({ signal }),
    ])
    const proposals = await mapOf(proposed, async (each) => {
      const { number, proposalId, proposer } = each
      return { number, proposalId, proposer, title: titleOf(each), ...(await client.governance.standing(each)) }
    })
    const voters = client.network.membership === undefined ? 'stake' : 'members'
    return { settings, voters, proposals }
  },
  render({ settings, voters, proposals }, { terminal }) {
    const { votingDelay, votingPeriod, voteExtension, timelockDelay, executionWindow, cycle, guardian } = settings
    const times = [
      `${formatDuration(votingDelay)} to the snapshot`,
      `${formatDuration(votingPeriod)} to vote (${formatDuration(voteExtension)} more when the quorum comes late)`,
      `${formatDuration(timelockDelay)} to wait`,
      `${formatDuration(executionWindow)} to execute`,
    ]
    const head = [
      `a proposal lives for ${formatDuration(cycle)}: ${times.join(', ')}`,
      `needs ${formatTokens(settings.proposalThresholdWei)} votes to propose, ${settings.quorumPercent} % of all ${voters} as a quorum; ${settings.superQuorumPercent} % for it end the vote`,
      guardian === null
        ? 'nobody but its proposer can cancel a proposal, and only before the vote begins'
        : `${guardian} can cancel until ${formatTime(settings.guardianUntil)}, and nothing else`,
    ]
    type Proposal = (typeof proposals)[number]
    const table = renderTable<Proposal>(
      [
        { title: 'NUMBER', value: ({ number }) => String(number), align: 'right' },
        { title: 'STATE', value: ({ state }) => state },
        { title: 'FOR', value: ({ forWei }) => formatTokens(forWei), align: 'right' },
        { title: 'AGAINST', value: ({ againstWei }) => formatTokens(againstWei), align: 'right' },
        { title: 'TITLE', value: ({ title }) => title },
      ],
      proposals,
      terminal.columns,
    )
    return [...head, '', proposals.length === 0 ? 'no proposals yet' : table].join('\n')
  },
})

export const govShow = defineCommand({
  path: ['gov', 'show'],
  summary: 'Show a proposal: its calls, its votes and what comes next',
  options: { ...networkOptions, proposal: proposalOption },
  examples: ['gov show --proposal 1', 'gov show --proposal 1 --json'],
  async run({ proposal: wanted, ...values }, context) {
    const client = await openNetwork(values, context)
    const proposal = await findProposal(client, wanted, context)
    const [standing, calls, { timestamp }] = await Promise.all([
      client.governance.standing(proposal),
      showCalls(client, proposal),
      client.latestBlock(context.signal),
    ])
    const next = nextStep(standing, proposal.snapshotAt, timestamp)
    return { ...proposal, title: titleOf(proposal), ...standing, calls, next }
  },
  render(result) {
    const { proposalId, proposer, state, calls, description, quorumWei, forWei, againstWei, abstainWei, next } = result
    const votes = [
      `${formatTokens(forWei)} for`,
      `${formatTokens(againstWei)} against`,
      `${formatTokens(abstainWei)} abstaining`,
    ].join(', ')
    const quorum = quorumWei === null ? '' : `; the quorum is ${formatTokens(quorumWei)}`
    return [
      `${nameOf(result)}  (${state})`,
      `identifier  ${proposalId}`,
      `proposer    ${proposer}`,
      `votes       ${votes}${quorum}`,
      `next        ${next}`,
      'calls',
      ...calls.map(renderCall),
      '',
      description,
    ].join('\n')
  },
})
