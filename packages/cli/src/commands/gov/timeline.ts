import type { GovernorEvent } from '@witan/chain'
import { VOTES } from '@witan/chain'
import { defineCommand } from '../../command/command.js'
import { formatTime, formatTokens } from '../../output/numbers.js'
import { networkOptions, openNetwork } from '../../settings/connection.js'
import { findProposal, nameOf, nextStep, proposalOption } from './proposals.js'

/** What happened to a proposal, in unix seconds. */
interface Step {
  readonly at: number
  readonly what: string
  readonly transactionHash: string
}

export const govTimeline = defineCommand({
  path: ['gov', 'timeline'],
  summary: 'Tell what happened to a proposal, vote by vote with its reasons, and what comes next',
  options: { ...networkOptions, proposal: proposalOption },
  examples: ['gov timeline --proposal 1'],
  async run({ proposal: wanted, ...values }, context) {
    const client = await openNetwork(values, context)
    const { signal } = context
    const proposal = await findProposal(client, wanted, context)
    const events = (await client.governance.events({ signal })).filter(
      ({ args }) => 'proposalId' in args && args.proposalId === proposal.proposalId,
    )
    const told = events.flatMap((event) => {
      const what = sentenceOf(event)
      return what === undefined ? [] : [{ event, what }]
    })
    const steps: Step[] = await Promise.all(
      told.map(async ({ event: { blockNumber, transactionHash }, what }) => {
        const block = await client.block(blockNumber, signal)
        return { at: block?.timestamp ?? 0, what, transactionHash }
      }),
    )
    const [standing, { timestamp }] = await Promise.all([
      client.governance.standing(proposal),
      client.latestBlock(signal),
    ])
    const { number, proposalId, snapshotAt } = proposal
    const next = nextStep(standing, snapshotAt, timestamp)
    return { number, proposalId, name: nameOf(proposal), state: standing.state, steps, next }
  },
  render: ({ name, state, steps, next }) =>
    [`${name}  (${state})`, ...steps.map(({ at, what }) => `${formatTime(at)}  ${what}`), `next: ${next}`].join('\n'),
})

function sentenceOf(event: GovernorEvent): string | undefined {
  switch (event.name) {
    case 'ProposalCreated':
      return `proposed by ${event.args.proposer}`
    case 'VoteCast': {
      const { voter, support, weight, reason } = event.args
      return `${formatTokens(weight)} votes ${VOTES[support]} by ${voter}${reason === '' ? '' : `: ${reason.replaceAll(/\s+/g, ' ')}`}`
    }
    case 'ProposalExtended':
      return `the quorum came late: open until ${formatTime(Number(event.args.extendedDeadline))}`
    case 'ProposalQueued':
      return `queued, executable from ${formatTime(Number(event.args.etaSeconds))} on`
    case 'ProposalExecuted':
      return 'executed'
    case 'ProposalCanceled':
      return 'canceled'
    default:
      return undefined
  }
}
