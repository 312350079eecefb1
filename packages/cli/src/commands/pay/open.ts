import { defineCommand } from '../../command/command.js'
import { option } from '../../command/option.js'
import { asInteger, asNode, asPositiveAmount } from '../../command/parse.js'
import { netuidOption, openNetwork } from '../../settings/connection.js'
import { resolveNode } from '../../settings/node.js'
import { argumentsOf, renderSent, senderAddress, sendIntents, sendOptions } from '../../settings/sending.js'

export const payOpen = defineCommand({
  path: ['pay', 'open'],
  summary: 'Open a payment channel to a node: a deposit that vouchers pay from',
  options: {
    ...sendOptions,
    node: option.required('--node <operator|id>', 'the node that serves, by its operator or number', asNode),
    netuid: netuidOption,
    modelId: option.withDefault(
      '--model-id <id>',
      "the model whose creators are paid; 0: none, their part is the stakers'",
      asInteger(0),
      0,
    ),
    amount: option.required('--amount <tokens>', 'the deposit', asPositiveAmount),
  },
  examples: [
    'pay open --node 0x… --amount 10 --key consumer',
    'pay open --node 3 --netuid 1 --model-id 7 --amount 10 --key consumer --dry-run',
  ],
  async run({ node, netuid, modelId, amount, ...values }, context) {
    const client = await openNetwork(values, context)
    const [nodeId, owner] = await Promise.all([resolveNode(client, node), senderAddress(values, context)])
    const channel = { nodeId, netuid, modelId: BigInt(modelId), amountWei: amount }
    const intents = [
      ...(await client.approvals({ owner, spender: 'channels', amountWei: amount })),
      client.intents.openChannel(channel),
    ]
    const sent = await sendIntents(client, intents, values, context)
    return { channelId: argumentsOf(sent, 'ChannelOpened')?.channelId, ...channel, ...sent }
  },
  render: ({ channelId, dryRun, ...sent }) =>
    `${renderSent({ dryRun, ...sent })}${channelId === undefined || dryRun ? '' : `\nchannel ${channelId}`}`,
})
