import { defineCommand } from '../../command/command.js'
import { option } from '../../command/option.js'
import { asBytes32, asPositiveAmount } from '../../command/parse.js'
import { formatTokens } from '../../output/numbers.js'
import { openNetwork } from '../../settings/connection.js'
import { argumentsOf, renderSent, senderAddress, sendIntents, sendOptions } from '../../settings/sending.js'

export const payTopUp = defineCommand({
  path: ['pay', 'top-up'],
  summary: 'Add to the deposit of an open payment channel',
  options: {
    ...sendOptions,
    channel: option.required('--channel <id>', 'as `pay open` printed it', asBytes32),
    amount: option.required('--amount <tokens>', 'how much', asPositiveAmount),
  },
  examples: ['pay top-up --channel 0x… --amount 5 --key consumer'],
  async run({ channel, amount, ...values }, context) {
    const client = await openNetwork(values, context)
    const owner = await senderAddress(values, context)
    const intents = [
      ...(await client.approvals({ owner, spender: 'channels', amountWei: amount })),
      client.intents.topUpChannel(channel, amount),
    ]
    const sent = await sendIntents(client, intents, values, context)
    return { channelId: channel, amountWei: amount, depositWei: argumentsOf(sent, 'ToppedUp')?.deposit, ...sent }
  },
  render: ({ depositWei, ...sent }) =>
    `${renderSent(sent)}${depositWei === undefined || sent.dryRun ? '' : `\ndeposit ${formatTokens(depositWei)} tokens`}`,
})
