import type { ChainClient, ChainEvent, GovernorEvent, Proposed } from '@witan/chain'
import { VOTES } from '@witan/chain'
import { mapOf } from '@witan/runtime'
import { defineCommand } from '../../command/command.js'
import type { CommandContext } from '../../command/context.js'
import { option } from '../../command/option.js'
import { formatTime, formatTokens } from '../../output/numbers.js'
import { networkOptions, openNetwork } from '../../settings/connection.js'
import { type Effect, effectOf } from './effects.js'
import { findProposal, nameOf, nextStep, proposalOption } from './proposals.js'

/** Something that happened. */
interface Step {
  /** Unix seconds. */
  readonly at: number
  readonly blockNumber: number
  readonly what: string
  readonly transactionHash: string
  /** The number of the proposal that it is about; null where none decided it. */
  readonly proposal: number | null
  /** What it changed. */
  readonly effects: readonly Effect[]
}

export const govTimeline = defineCommand({
  path: ['gov', 'timeline'],
  summary: 'Tell all decisions and what they changed, or what happened to one proposal, vote by vote with its reasons',
  options: {
    ...networkOptions,
    proposal: option.optional(proposalOption.flags, `one proposal: ${proposalOption.description}`, (text) =>
      proposalOption.parse!(text, undefined),
    ),
  },
  examples: ['gov timeline', 'gov timeline --proposal 1', 'gov timeline --json'],
  async run({ proposal: wanted, ...values }, context) {
    const client = await openNetwork(values, context)
    if (wanted !== undefined) return timelineOf(client, wanted, context)
    const steps = await allSteps(client, context)
    return { number: null, proposalId: null, name: client.network.name, state: null, steps, next: null }
  },
  render: ({ name, state, steps, next }) =>
    [
      state === null ? `${name}${steps.length === 0 ? ': nothing was decided yet' : ''}` : `${name}  (${state})`,
      // What changed without a proposal is told by its effect.
      ...steps.flatMap(({ at, what, proposal, effects }) => [
        `${formatTime(at)}  ${what}`,
        ...(proposal === null ? [] : effects.map((effect) => `  → ${effect.what}`)),
      ]),
      ...(next === null ? [] : [`next: ${next}`]),
    ].join('\n'),
})

async function timelineOf(client: ChainClient, wanted: bigint, context: CommandContext) {
  const { signal } = context
  const proposal = await findProposal(client, wanted, context)
  const events = (await client.governance.events({ signal })).filter(
    ({ args }) => 'proposalId' in args && args.proposalId === proposal.proposalId,
  )
  const told = events.flatMap((event) => {
    const what = sentenceOf(event)
    return what === undefined ? [] : [{ event, what, proposal: proposal.number }]
  })
  const [steps, standing, { timestamp }] = await Promise.all([
    stepsOf(client, told, context),
    client.governance.standing(proposal),
    client.latestBlock(signal),
  ])
  const { number, proposalId, snapshotAt } = proposal
  const next = nextStep(standing, snapshotAt, timestamp)
  return { number, proposalId, name: nameOf(proposal), state: standing.state, steps, next }
}

/** What became of every proposal, and what changed without one: by who was given the right to, or by a rule. */
async function allSteps(client: ChainClient, context: CommandContext): Promise<Step[]> {
  const { signal } = context
  const [events, proposals, changes] = await Promise.all([
    client.governance.events({ signal }),
    client.governance.proposals({ signal }),
    client.changes({ signal }),
  ])
  const byId = new Map(proposals.map((proposal) => [proposal.proposalId, proposal]))
  const decided = events.flatMap((event) => milestoneOf(event, byId))
  const executed = new Set(
    events.filter(({ name }) => name === 'ProposalExecuted').map(({ transactionHash }) => transactionHash),
  )
  const others = changes
    .filter(({ transactionHash }) => !executed.has(transactionHash))
    .map((event) => ({ event, what: effectOf(event).what, proposal: null }))
  const told = [...decided, ...others].sort(
    (a, b) => a.event.blockNumber - b.event.blockNumber || a.event.logIndex - b.event.logIndex,
  )
  return stepsOf(client, told, context)
}

/** Votes are told with their proposal only. */
function milestoneOf(event: GovernorEvent, byId: ReadonlyMap<bigint, Proposed>): Told[] {
  if (event.name === 'VoteCast' || event.name === 'VoteCastWithParams' || !('proposalId' in event.args)) return []
  const proposal = byId.get(event.args.proposalId)
  const what = sentenceOf(event)
  if (proposal === undefined || what === undefined) return []
  return [{ event, what: `${nameOf(proposal)}: ${what}`, proposal: proposal.number }]
}

interface Told {
  readonly event: ChainEvent
  readonly what: string
  readonly proposal: number | null
}

function stepsOf(client: ChainClient, told: readonly Told[], { signal }: CommandContext): Promise<Step[]> {
  return mapOf(told, async ({ event, what, proposal }) => {
    const { blockNumber, transactionHash } = event
    const [block, effects] = await Promise.all([
      client.block(blockNumber, signal),
      event.name === 'ProposalExecuted' ? client.effectsOf(transactionHash, signal) : proposal === null ? [event] : [],
    ])
    const at = block?.timestamp ?? 0
    return { at, blockNumber, what, transactionHash, proposal, effects: effects.map(effectOf) }
  })
}

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
