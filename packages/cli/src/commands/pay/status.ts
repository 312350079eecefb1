import { defineCommand } from '../../command/command.js'
import { option, usageError } from '../../command/option.js'
import { asAddress, asBytes32 } from '../../command/parse.js'
import { formatTime, formatTokens } from '../../output/numbers.js'
import { type Column, renderTable } from '../../output/table.js'
import { networkOptions, openNetwork } from '../../settings/connection.js'

export const payStatus = defineCommand({
  path: ['pay', 'status'],
  summary: 'Show payment channels, what came of them, and what revenue waits for an account',
  options: {
    ...networkOptions,
    account: option.optional('--account <address>', 'whose channels and revenue', asAddress),
    channel: option.optional('--channel <id>', 'one channel', asBytes32),
  },
  examples: ['pay status --account 0x…', 'pay status --channel 0x… --json'],
  async run({ account, channel, ...values }, context) {
    if ((account === undefined) === (channel === undefined)) throw usageError('Give either --account or --channel')
    const client = await openNetwork(values, context)
    const [found, owedWei, { timestamp }] = await Promise.all([
      channel === undefined ? client.payments.channelsOf(account!) : [await client.payments.channel(channel)],
      account === undefined ? null : client.payments.owedTo(account),
      client.latestBlock(),
    ])
    const channels = await Promise.all(
      found.map(async ({ channelId, consumer, nodeId, netuid, modelId, deposit, paid, closesAt }) => ({
        channelId,
        consumer,
        nodeId,
        operator: (await client.vault.pool(nodeId)).operator,
        netuid,
        modelId,
        depositWei: deposit,
        paidWei: paid,
        leftWei: deposit - paid,
        /** Of its node, model and subnet, from all channels. */
        pendingWei: await client.payments.pendingRevenue({ netuid, nodeId, modelId }),
        state: closesAt === 0 ? 'open' : closesAt > timestamp ? 'closing' : 'closed',
        closesAt: closesAt === 0 ? null : closesAt,
      })),
    )
    return { account: account ?? null, channels, owedWei }
  },
  render({ channels, owedWei }, { terminal }) {
    type Row = (typeof channels)[number]
    const columns: readonly Column<Row>[] = [
      { title: 'CHANNEL', value: ({ channelId }) => channelId },
      { title: 'STATE', value: ({ state }) => state },
      { title: 'NODE', value: ({ nodeId }) => String(nodeId), align: 'right' },
      { title: 'PAID', value: ({ paidWei }) => formatTokens(paidWei), align: 'right' },
      { title: 'LEFT', value: ({ leftWei }) => formatTokens(leftWei), align: 'right' },
      { title: 'SUBNET', value: ({ netuid }) => String(netuid), align: 'right' },
      { title: 'MODEL', value: ({ modelId }) => String(modelId), align: 'right' },
      { title: 'CLOSES', value: ({ closesAt }) => (closesAt === null ? '' : formatTime(closesAt)) },
    ]
    return [
      channels.length === 0 ? 'no channel' : renderTable(columns, channels, terminal.columns),
      ...(owedWei === null || owedWei === 0n ? [] : ['', `${formatTokens(owedWei)} tokens of revenue to withdraw`]),
    ].join('\n')
  },
})
