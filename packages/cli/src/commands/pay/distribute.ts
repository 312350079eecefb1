import type { ChainClient, Intent } from '@witan/chain'
import { type Address, type ErrorCode, isWitanError } from '@witan/protocol'
import { mapOf } from '@witan/runtime'
import { defineCommand } from '../../command/command.js'
import type { CommandContext } from '../../command/context.js'
import { option, toggle } from '../../command/option.js'
import { asInteger, asNode } from '../../command/parse.js'
import { formatTokens } from '../../output/numbers.js'
import { openNetwork } from '../../settings/connection.js'
import { resolveNode } from '../../settings/node.js'
import { pendingLine, pendingRevenue, potLine, waitingPots } from '../../settings/revenue.js'
import { renderSent, type SendValues, senderAddress, sendIntents, sendOptions } from '../../settings/sending.js'

/** Tried together first, which must fit a block: some 200,000 gas each. The largest come first; anybody may pay in little. */
const MOST_AT_ONCE = 50

export const payDistribute = defineCommand({
  path: ['pay', 'distribute'],
  summary: 'Split revenue that came in among creators, stakers, data sets, validators and treasury; anybody may',
  options: {
    ...sendOptions,
    netuid: option.optional('--netuid <netuid>', 'only of this subnet', asInteger(1, 65_535)),
    node: option.optional('--node <node>', 'only of this node: its operator or its number', asNode),
    modelId: option.optional('--model-id <number>', 'only for this model', asInteger(0)),
  },
  examples: ['pay distribute --key owner', 'pay distribute --netuid 1 --node 3 --model-id 7 --key owner --dry-run'],
  async run({ netuid, node, modelId, ...values }, context) {
    const client = await openNetwork(values, context)
    const nodeId = node === undefined ? undefined : await resolveNode(client, node)
    const waiting = (await pendingRevenue(client, context)).filter(
      (each) =>
        (netuid === undefined || each.netuid === netuid) &&
        (nodeId === undefined || each.nodeId === nodeId) &&
        (modelId === undefined || each.modelId === BigInt(modelId)),
    )
    const pending = waiting.slice(0, MOST_AT_ONCE)
    if (!values.dryRun && !values.yes) for (const each of pending) context.terminal.note(pendingLine(each))
    const intents = pending.map((key) => client.intents.distributeRevenue(key))
    const left = waiting.length - pending.length
    return { pending, left, ...(await sendIntents(client, intents, values, context)) }
  },
  render({ pending, left, ...sent }) {
    if (pending.length === 0) return 'nothing to distribute'
    const sum = pending.reduce((total, { pendingWei }) => total + pendingWei, 0n)
    const head = `${formatTokens(sum, 9)} tokens to distribute`
    const more = left === 0 ? [] : [`${left} smaller ones wait: run it again`]
    return [head, ...pending.map(pendingLine), renderSent(sent), ...more].join('\n')
  },
})

export const payValidators = defineCommand({
  path: ['pay', 'validators'],
  summary:
    "Divide a subnet's pot among validators by the pay of the last settled epoch, for them to withdraw; anybody may",
  options: {
    ...sendOptions,
    netuid: option.optional('--netuid <netuid>', 'only this subnet', asInteger(1, 65_535)),
    stale: toggle('--stale', 'give the treasury what a pot held for 90 days instead'),
  },
  examples: ['pay validators --key owner', 'pay validators --netuid 1 --key owner --dry-run'],
  async run(options, context) {
    const client = await openNetwork(options, context)
    try {
      return await emptyPots(client, options, context)
    } catch (error) {
      if (!isWitanError(error, 'LAST_PAY_OUTDATED')) throw error
      // An epoch was settled meanwhile: its pay divides the pots now.
      return emptyPots(client, options, context)
    }
  },
  render({ pots, paid, sweptWei, left, ...sent }) {
    if (pots.length === 0) return 'the pots are empty'
    const lines = paid.map(({ nodeId, owner, assets }) => `  node ${nodeId} of ${owner}: ${formatTokens(assets, 9)}`)
    const swept = sweptWei > 0n ? [`${formatTokens(sweptWei, 9)} tokens for the treasury`] : []
    const more = left === 0 ? [] : [`${left} others are not due`]
    return [...pots.map(potLine), renderSent(sent), ...lines, ...swept, ...more].join('\n')
  },
})

interface PotChoice extends SendValues {
  readonly netuid: number | undefined
  readonly stale: boolean
}

async function emptyPots(client: ChainClient, { netuid, stale, ...values }: PotChoice, context: CommandContext) {
  const pots = (await waitingPots(client, context)).filter((pot) => netuid === undefined || pot.netuid === netuid)
  if (!values.dryRun && !values.yes) for (const each of pots) context.terminal.note(potLine(each))
  const from = await senderAddress(values, context)
  const tried = await mapOf(pots, async (pot) => {
    const intent = stale
      ? client.intents.sweepPot(pot.netuid)
      : client.intents.payValidators(pot.netuid, await client.lastPay(pot.netuid, context.signal))
    return { intent, isDue: await isDue(client, intent, from, context) }
  })
  const due = tried.filter((each) => each.isDue)
  // Anybody may fill a pot whose turn never comes: it keeps no other one waiting, and alone it says why.
  const intents = (due.length === 0 ? tried : due).map(({ intent }) => intent)
  const sent = await sendIntents(client, intents, values, context)
  const paid = sent.calls.flatMap(({ events }) =>
    events.flatMap((event) => (event.name === 'ValidatorPaid' ? [{ ...event.args }] : [])),
  )
  const sweptWei = sent.calls
    .flatMap(({ events }) => events.map((event) => (event.name === 'PotSwept' ? event.args.assets : 0n)))
    .reduce((sum, assets) => sum + assets, 0n)
  return { pots, paid, sweptWei, left: tried.length - intents.length, ...sent }
}

const NOT_DUE: readonly ErrorCode[] = ['NOTHING_DUE', 'POT_NOT_STALE']

async function isDue(client: ChainClient, intent: Intent, from: Address, { signal }: CommandContext): Promise<boolean> {
  try {
    await client.simulate([intent], from, signal)
    return true
  } catch (error) {
    if (isWitanError(error) && NOT_DUE.includes(error.code)) return false
    throw error
  }
}
