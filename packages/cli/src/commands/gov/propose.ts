import { resolve } from 'node:path'
import { type Call, type ChainClient, encodeNamedCall, type Intent, type ProposalContent, simulate } from '@witan/chain'
import { isWitanError, WitanError } from '@witan/protocol'
import { loadConfiguration, z } from '@witan/runtime'
import { defineCommand } from '../../command/command.js'
import type { CommandContext } from '../../command/context.js'
import { option, toggle } from '../../command/option.js'
import { asText } from '../../command/parse.js'
import { formatTime } from '../../output/numbers.js'
import { openNetwork } from '../../settings/connection.js'
import { argumentsOf, renderSent, sendIntents, sendOptions } from '../../settings/sending.js'
import { renderCall, type ShownCall, showCalls } from './proposals.js'

const MAX_CALLS = 32
const MAX_DESCRIPTION = 20_000

/** What `--file` holds. */
const proposalFileSchema = z.strictObject({
  /** Its first line is the title. */
  description: z.string().min(1).max(MAX_DESCRIPTION),
  calls: z
    .array(
      z.strictObject({
        contract: z.string(),
        function: z.string(),
        args: z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]).default([]),
      }),
    )
    .min(1)
    .max(MAX_CALLS),
})

/** What a call would do if it were executed now. */
export interface ShownEffect extends ShownCall {
  /** Null: a setting of the governor, which takes only what it has decided itself. */
  readonly effect: { readonly events: readonly string[]; readonly gasUsed: number } | null
}

export const govPropose = defineCommand({
  path: ['gov', 'propose'],
  summary: 'Propose calls to the stakers, from a file that names contract, function and arguments of each',
  options: {
    ...sendOptions,
    file: option.required('--file <file>', 'YAML or JSON: description and calls', asText),
    unchecked: toggle('--unchecked', 'propose even what would fail if it were executed now'),
  },
  examples: [
    'gov propose --file list-subnet.yaml --key owner --dry-run',
    'gov propose --file list-subnet.yaml --key owner',
  ],
  async run({ file, unchecked, ...values }, context) {
    const { description, calls } = loadConfiguration({
      schema: proposalFileSchema,
      file: resolve(context.directory, file),
    }).values
    const client = await openNetwork(values, context)
    const { contractsByAddress } = await client.companions()
    const content = { description, calls: calls.map((named) => encodeNamedCall(named, contractsByAddress)) }
    const shown = await showCalls(client, content)
    const effects = await effectsOf(client, content, shown, unchecked, context)
    if (!values.dryRun && context.terminal.interactive && !values.yes) {
      for (const each of effects) context.terminal.note(renderEffect(each))
    }
    const sent = await sendIntents(client, [client.intents.propose(content)], values, context)
    const proposed = argumentsOf(sent, 'ProposalCreated')
    return {
      proposalId: proposed?.proposalId ?? null,
      snapshotAt: proposed === undefined ? null : Number(proposed.voteStart),
      votesUntil: proposed === undefined ? null : Number(proposed.voteEnd),
      effects,
      ...sent,
    }
  },
  render({ proposalId, snapshotAt, votesUntil, effects, ...sent }) {
    const when = snapshotAt === null ? [] : [`vote after ${formatTime(snapshotAt)} until ${formatTime(votesUntil!)}`]
    const id = proposalId === null ? [] : [`proposal ${proposalId}`]
    return [...effects.map(renderEffect), renderSent(sent), ...id, ...when].join('\n')
  },
})

/** Throws what a call would revert with, unless that is of no matter. */
async function effectsOf(
  client: ChainClient,
  { calls }: ProposalContent,
  shown: readonly ShownCall[],
  unchecked: boolean,
  { signal }: CommandContext,
): Promise<ShownEffect[]> {
  const { governor, timelock } = client.network.contracts
  const { contractsByAddress: contracts } = await client.companions()
  const tried = calls.flatMap((call, index) => (call.to === governor ? [] : [intentOf(call, shown[index]!)]))
  let results: Awaited<ReturnType<typeof simulate>> = []
  try {
    results = tried.length === 0 ? [] : await simulate(client.rpc, tried, { from: timelock, contracts, signal })
  } catch (error) {
    if (!unchecked || !(error instanceof WitanError) || isWitanError(error, 'RPC_UNAVAILABLE')) throw error
  }
  let next = 0
  return shown.map((each) => {
    const result = each.to === governor ? undefined : results[next++]
    if (result === undefined) return { ...each, effect: null }
    return { ...each, effect: { events: result.events.map(({ name }) => name), gasUsed: result.gasUsed } }
  })
}

function intentOf(call: Call, { call: decoded }: ShownCall): Intent {
  return { ...call, description: 'as decided', call: decoded ?? { contract: 'unknown', method: 'unknown', args: {} } }
}

function renderEffect({ effect, ...call }: ShownEffect): string {
  if (effect === null) return `${renderCall(call)}\n    not tried beforehand`
  return `${renderCall(call)}\n    if executed now: ${effect.events.join(', ') || 'no event'}, ${effect.gasUsed} gas`
}
