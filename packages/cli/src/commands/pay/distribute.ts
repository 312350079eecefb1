import { defineCommand } from '../../command/command.js'
import { option, toggle } from '../../command/option.js'
import { asInteger, asNode } from '../../command/parse.js'
import { formatTokens } from '../../output/numbers.js'
import { openNetwork } from '../../settings/connection.js'
import { resolveNode } from '../../settings/node.js'
import { pendingLine, pendingRevenue, potLine, waitingPots } from '../../settings/revenue.js'
import { argumentsOf, renderSent, sendIntents, sendOptions } from '../../settings/sending.js'

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
  async run({ netuid, stale, ...values }, context) {
    const client = await openNetwork(values, context)
    const pots = (await waitingPots(client, context)).filter((pot) => netuid === undefined || pot.netuid === netuid)
    if (!values.dryRun && !values.yes) for (const each of pots) context.terminal.note(potLine(each))
    const intents = await Promise.all(
      pots.map(async (pot) =>
        stale
          ? client.intents.sweepPot(pot.netuid)
          : client.intents.payValidators(pot.netuid, await client.lastPay(pot.netuid, context.signal)),
      ),
    )
    const sent = await sendIntents(client, intents, values, context)
    const paid = sent.calls.flatMap(({ events }) =>
      events.flatMap((event) => (event.name === 'ValidatorPaid' ? [{ ...event.args }] : [])),
    )
    return { pots, paid, sweptWei: argumentsOf(sent, 'PotSwept')?.assets ?? 0n, ...sent }
  },
  render({ pots, paid, sweptWei, ...sent }) {
    if (pots.length === 0) return 'the pots are empty'
    const lines = paid.map(({ nodeId, owner, assets }) => `  node ${nodeId} of ${owner}: ${formatTokens(assets, 9)}`)
    const swept = sweptWei > 0n ? [`${formatTokens(sweptWei, 9)} tokens for the treasury`] : []
    return [...pots.map(potLine), renderSent(sent), ...lines, ...swept].join('\n')
  },
})
