import { defineCommand } from '../../command/command.js'
import { option } from '../../command/option.js'
import { asNode } from '../../command/parse.js'
import { formatDuration, formatTime, formatTokens } from '../../output/numbers.js'
import { openNetwork } from '../../settings/connection.js'
import { resolveNode } from '../../settings/node.js'
import { argumentsOf, renderSent, senderAddress, sendIntents, sendOptions } from '../../settings/sending.js'
import { portionOptions, sharesOf } from '../../settings/stake-shares.js'

export const stakeMove = defineCommand({
  path: ['stake', 'move'],
  summary: 'Move stake to another node at once, without unbonding',
  options: {
    ...sendOptions,
    from: option.required('--from <node>', "the node it leaves: its operator's address or its number", asNode),
    to: option.required('--to <node>', 'the node it goes to', asNode),
    ...portionOptions,
  },
  examples: [
    'stake move --from 0x… --to 0x… --amount 100 --key owner',
    'stake move --from 3 --to 7 --all --key owner --dry-run',
  ],
  async run({ from, to, amount, all, ...values }, context) {
    const client = await openNetwork(values, context)
    const account = await senderAddress(values, context)
    const [fromNode, toNode] = await Promise.all([resolveNode(client, from), resolveNode(client, to)])
    const [{ shares }, moveLockSeconds, unbondingSeconds, { timestamp }] = await Promise.all([
      sharesOf(client, { nodeId: fromNode, account }, { amount, all }),
      client.vault.moveLockSeconds(),
      client.vault.unbondingSeconds(),
      client.latestBlock(),
    ])
    const sent = await sendIntents(client, [client.intents.redelegate(fromNode, toNode, shares)], values, context)
    const moved = argumentsOf(sent, 'Redelegated')
    return {
      fromNode,
      toNode,
      shares,
      amountWei: moved?.assets,
      receivedShares: moved?.received,
      movableAt: timestamp + moveLockSeconds,
      liableUntil: timestamp + unbondingSeconds,
      moveLockSeconds,
      unbondingSeconds,
      ...sent,
    }
  },
  render({ fromNode, toNode, amountWei, movableAt, liableUntil, moveLockSeconds, ...sent }) {
    const amount = amountWei === undefined ? 'what moves' : `${formatTokens(amountWei, 6)} tokens`
    return [
      renderSent(sent),
      `${amount} on node ${toNode}, and all else the account has there, cannot move on before about ${formatTime(movableAt)} (${formatDuration(moveLockSeconds)})`,
      `until about ${formatTime(liableUntil)} it stays liable for what node ${fromNode} did before: a slash becomes a debt`,
    ].join('\n')
  },
})
