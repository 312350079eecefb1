import { defineCommand } from '../../command/command.js'
import { option } from '../../command/option.js'
import { asAddress, asPercent } from '../../command/parse.js'
import { openNetwork } from '../../settings/connection.js'
import { nodeOf } from '../../settings/node.js'
import { renderSent, sendIntents, sendOptions } from '../../settings/sending.js'

export const stakeTake = defineCommand({
  path: ['stake', 'take'],
  summary: "Set the owner's part of what a node's votes earn, from the next epoch on; raised at most once in 30 days",
  options: {
    ...sendOptions,
    operator: option.required('--operator <address>', "the node's operator", asAddress),
    percent: option.required('--percent <percent>', 'at most 18', asPercent),
  },
  examples: [
    'stake take --operator 0x… --percent 9 --key owner',
    'stake take --operator 0x… --percent 12.5 --key owner',
  ],
  async run({ operator, percent, ...values }, context) {
    const client = await openNetwork(values, context)
    const nodeId = await nodeOf(client, operator)
    const { takeBps: before } = await client.vault.pool(nodeId)
    const sent = await sendIntents(client, [client.intents.setTake(nodeId, percent)], values, context)
    return { nodeId, before, takeBps: percent, ...sent }
  },
  render: ({ nodeId, before, takeBps, ...sent }) =>
    `${renderSent(sent)}\nnode ${nodeId}: ${before / 100} % → ${takeBps / 100} %`,
})
