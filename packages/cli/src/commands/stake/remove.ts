import { defineCommand } from '../../command/command.js'
import { option } from '../../command/option.js'
import { asAddress, asInteger } from '../../command/parse.js'
import { formatDuration, formatTime, formatTokens } from '../../output/numbers.js'
import { openNetwork } from '../../settings/connection.js'
import { nodeOf } from '../../settings/node.js'
import { argumentsOf, renderSent, senderAddress, sendIntents, sendOptions } from '../../settings/sending.js'
import { portionOptions, sharesOf } from '../../settings/stake-shares.js'

export const stakeRemove = defineCommand({
  path: ['stake', 'remove'],
  summary: 'Begin to take stake out of a node; it is paid after the unbonding time with `stake withdraw`',
  options: {
    ...sendOptions,
    operator: option.required('--operator <address>', "the node's operator", asAddress),
    ...portionOptions,
  },
  examples: [
    'stake remove --operator 0x… --amount 10 --key owner',
    'stake remove --operator 0x… --all --key owner --dry-run',
  ],
  async run({ operator, amount, all, ...values }, context) {
    const client = await openNetwork(values, context)
    const nodeId = await nodeOf(client, operator)
    const account = await senderAddress(values, context)
    const [{ shares }, unbondingSeconds] = await Promise.all([
      sharesOf(client, { nodeId, account }, { amount, all }),
      client.vault.unbondingSeconds(),
    ])
    const sent = await sendIntents(client, [client.intents.requestUnstake(nodeId, shares)], values, context)
    const request = argumentsOf(sent, 'UnstakeRequested')
    return {
      nodeId,
      requestId: request?.requestId,
      amountWei: request?.assets,
      availableAt: request?.availableAt,
      unbondingSeconds,
      ...sent,
    }
  },
  render({ requestId, amountWei = 0n, availableAt = 0, unbondingSeconds, ...sent }) {
    if (requestId === undefined) return renderSent(sent)
    const unbonding = `${formatTokens(amountWei, 6)} tokens unbond for ${formatDuration(unbondingSeconds)}`
    const terms = `${unbonding}: they earn nothing and stay liable for what the node did until now`
    return `${renderSent(sent)}\nrequest ${requestId}, payable from ${formatTime(availableAt)}\n${terms}`
  },
})

export const stakeWithdraw = defineCommand({
  path: ['stake', 'withdraw'],
  summary: 'Take out stake whose unbonding time is over',
  options: {
    ...sendOptions,
    request: option.optional(
      '--request <id>',
      'as `stake remove` printed it (default: every request that is due)',
      asInteger(1),
    ),
  },
  examples: ['stake withdraw --key owner', 'stake withdraw --request 1 --key owner'],
  async run({ request, ...values }, context) {
    const client = await openNetwork(values, context)
    if (request !== undefined) {
      return sendIntents(client, [client.intents.withdraw(BigInt(request))], values, context)
    }
    const account = await senderAddress(values, context)
    const [pending, { timestamp }] = await Promise.all([client.vault.pendingRequests(account), client.latestBlock()])
    const due = pending.filter(({ availableAt }) => availableAt <= timestamp).map(({ requestId }) => requestId)
    return sendIntents(client, due.length > 0 ? [client.intents.withdrawAll(due)] : [], values, context)
  },
  render: (sent) => (sent.calls.length === 0 ? 'no request is due' : renderSent(sent)),
})
