import { defineCommand } from '../../command/command.js'
import { option } from '../../command/option.js'
import { asAddress, asPositiveAmount } from '../../command/parse.js'
import { openNetwork } from '../../settings/connection.js'
import { nodeOf } from '../../settings/node.js'
import { renderSent, senderAddress, sendIntents, sendOptions } from '../../settings/sending.js'

export const stakeAdd = defineCommand({
  path: ['stake', 'add'],
  summary: 'Stake tokens on a node',
  options: {
    ...sendOptions,
    operator: option.required('--operator <address>', "the node's operator", asAddress),
    amount: option.required('--amount <tokens>', 'how much', asPositiveAmount),
  },
  examples: ['stake add --operator 0x… --amount 1000 --key owner'],
  async run({ operator, amount, ...values }, context) {
    const client = await openNetwork(values, context)
    const owner = await senderAddress(values, context)
    const nodeId = await nodeOf(client, operator)
    const intents = [
      ...(await client.approvals({ owner, spender: 'vault', amountWei: amount })),
      client.intents.stake(nodeId, amount),
    ]
    return { nodeId, amountWei: amount, ...(await sendIntents(client, intents, values, context)) }
  },
  render: (sent) => renderSent(sent),
})
