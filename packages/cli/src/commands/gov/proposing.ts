import { resolve } from 'node:path'
import {
  type Call,
  type ChainClient,
  encodeNamedCall,
  type Intent,
  type NamedCall,
  type ProposalContent,
  simulateDecision,
  writeFileAtomic,
} from '@witan/chain'
import { isWitanError, WitanError } from '@witan/protocol'
import type { CommandContext } from '../../command/context.js'
import { option, toggle } from '../../command/option.js'
import { asText } from '../../command/parse.js'
import { toJson } from '../../output/json.js'
import { formatTime } from '../../output/numbers.js'
import {
  argumentsOf,
  renderSent,
  type SendValues,
  type Sent,
  sendIntents,
  sendOptions,
} from '../../settings/sending.js'
import { renderCall, type ShownCall, showCalls } from './proposals.js'

const PROPOSAL_FILE_MODE = 0o644

/** What every command takes that proposes to the stakers what it does not do itself. */
export const proposeOptions = {
  ...sendOptions,
  unchecked: toggle('--unchecked', 'propose even what would fail if it were executed now'),
  reason: option.withDefault('--reason <text>', 'why, for everybody to read, below the title', asText, ''),
  out: option.optional('--out <file>', 'write it as a file for `gov propose`, and send nothing', asText),
} as const

export interface ProposeValues extends SendValues {
  readonly unchecked: boolean
}

interface DecisionValues extends ProposeValues {
  readonly reason: string
  readonly out: string | undefined
}

/** What a call would do if it were executed now. */
export interface ShownEffect extends ShownCall {
  /** Null: it was not tried; `untried` says why. */
  readonly effect: { readonly events: readonly string[]; readonly gasUsed: number } | null
  readonly untried: string | null
}

export interface SentProposal extends Sent {
  readonly proposalId: bigint | null
  readonly snapshotAt: number | null
  readonly votesUntil: number | null
  readonly effects: readonly ShownEffect[]
}

export interface NamedProposal {
  /** Its first line is the title. */
  readonly description: string
  readonly calls: readonly NamedCall[]
}

/** Tries the calls as if they were decided, shows what they would do, and proposes them. */
export async function propose(
  client: ChainClient,
  { description, calls }: NamedProposal,
  values: ProposeValues,
  context: CommandContext,
): Promise<SentProposal> {
  const { contractsByAddress } = await client.companions()
  const content = { description, calls: calls.map((named) => encodeNamedCall(named, contractsByAddress)) }
  const effects = await effectsOf(client, content, values.unchecked, context)
  if (!values.dryRun && context.terminal.interactive && !values.yes) {
    for (const each of effects) context.terminal.note(renderEffect(each))
  }
  const sent = await sendIntents(client, [client.intents.propose(content)], values, context).catch(unlessProposed)
  const proposed = argumentsOf(sent, 'ProposalCreated')
  return {
    proposalId: proposed?.proposalId ?? null,
    snapshotAt: proposed === undefined ? null : Number(proposed.voteStart),
    votesUntil: proposed === undefined ? null : Number(proposed.voteEnd),
    effects,
    ...sent,
  }
}

/** A proposal is named by its calls and its words: even a defeated one cannot be made again. */
function unlessProposed(error: unknown): never {
  if (!isWitanError(error, 'PROPOSAL_STATE')) throw error
  throw new WitanError('PROPOSAL_STATE', 'The same calls were proposed with the same words before', {
    facts: error.facts,
    next: 'See what became of it with `witan gov show`; to propose it again, change the description.',
    cause: error,
  })
}

export interface Decision {
  readonly title: string
  readonly calls: readonly NamedCall[]
}

export type ProposedDecision = { readonly file: string } | SentProposal

/** Proposes what only the stakers decide, or writes it as a file. */
export async function proposeDecision(
  client: ChainClient,
  { title, calls }: Decision,
  { reason, out, ...values }: DecisionValues,
  context: CommandContext,
): Promise<ProposedDecision> {
  const proposal = { description: reason === '' ? title : `${title}\n\n${reason}`, calls }
  if (out === undefined) return propose(client, proposal, values, context)
  const file = resolve(context.directory, out)
  await writeFileAtomic(file, `${toJson(proposal)}\n`, { mode: PROPOSAL_FILE_MODE, overwrite: true })
  return { file }
}

export function renderDecision(proposed: ProposedDecision): string {
  return 'file' in proposed ? `${proposed.file} is for \`witan gov propose --file\`` : renderProposed(proposed)
}

export function renderProposed({ proposalId, snapshotAt, votesUntil, effects, ...sent }: SentProposal): string {
  const when = snapshotAt === null ? [] : [`vote after ${formatTime(snapshotAt)} until ${formatTime(votesUntil!)}`]
  const id = proposalId === null ? [] : [`proposal ${proposalId}`]
  return [...effects.map(renderEffect), renderSent(sent), ...id, ...when].join('\n')
}

/** Throws what a call would revert with, unless that is of no matter. */
async function effectsOf(
  client: ChainClient,
  content: ProposalContent,
  unchecked: boolean,
  { signal }: CommandContext,
): Promise<ShownEffect[]> {
  const { contractsByAddress: contracts } = await client.companions()
  const shown = await showCalls(client, content)
  const intents = content.calls.map((call, index) => intentOf(call, shown[index]!))
  try {
    const results = await simulateDecision(client.rpc, intents, client.contracts, { contracts, signal })
    return shown.map((each, index) => {
      const result = results[index] ?? null
      if (result === null) return { ...each, effect: null, untried: GOVERNOR_UNTRIED }
      const effect = { events: result.events.map(({ name }) => name), gasUsed: result.gasUsed }
      return { ...each, effect, untried: null }
    })
  } catch (error) {
    if (!unchecked || !isWitanError(error) || error.code === 'RPC_UNAVAILABLE') throw error
    const untried = `the calls would fail if they were executed now: ${error.message} (${error.code})`
    return shown.map((each) => ({ ...each, effect: null, untried }))
  }
}

const GOVERNOR_UNTRIED =
  'the governor takes only what it has decided itself, and the endpoint cannot try that (it has no eth_simulateV1)'

function intentOf(call: Call, { call: decoded }: ShownCall): Intent {
  return { ...call, description: 'as decided', call: decoded ?? { contract: 'unknown', method: 'unknown', args: {} } }
}

function renderEffect({ effect, untried, ...call }: ShownEffect): string {
  if (effect === null) return `${renderCall(call)}\n    not tried beforehand: ${untried}`
  return `${renderCall(call)}\n    if executed now: ${effect.events.join(', ') || 'no event'}, ${effect.gasUsed} gas`
}
