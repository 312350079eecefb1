import { defineCommand } from '../../command/command.js'
import { option } from '../../command/option.js'
import { asBytes32 } from '../../command/parse.js'
import { formatTime, formatTokens } from '../../output/numbers.js'
import { openNetwork } from '../../settings/connection.js'
import { argumentsOf, renderSent, sendIntents, sendOptions } from '../../settings/sending.js'

export const payClose = defineCommand({
  path: ['pay', 'close'],
  summary: 'Begin to close a payment channel; once its grace time is over, take out what is left in it',
  options: {
    ...sendOptions,
    channel: option.required('--channel <id>', 'as `pay open` printed it', asBytes32),
  },
  examples: ['pay close --channel 0x… --key consumer', 'pay close --channel 0x… --key consumer --dry-run'],
  async run({ channel, ...values }, context) {
    const client = await openNetwork(values, context)
    const { closesAt } = await client.payments.channel(channel)
    // While its grace time runs the contract refuses, and says until when.
    const intent =
      closesAt === 0 ? client.intents.requestChannelClose(channel) : client.intents.withdrawChannel(channel)
    const sent = await sendIntents(client, [intent], values, context)
    return {
      channelId: channel,
      closesAt: argumentsOf(sent, 'CloseRequested')?.closesAt ?? closesAt,
      withdrawnWei: argumentsOf(sent, 'ChannelClosed')?.assets,
      ...sent,
    }
  },
  render({ closesAt, withdrawnWei, ...sent }) {
    const verb = sent.dryRun ? 'would take out' : 'took out'
    const outcome =
      withdrawnWei === undefined
        ? `until ${formatTime(closesAt)} the node can settle its last voucher; then \`pay close\` takes out the rest`
        : `${verb} ${formatTokens(withdrawnWei)} tokens`
    return `${renderSent(sent)}\n${outcome}`
  },
})
