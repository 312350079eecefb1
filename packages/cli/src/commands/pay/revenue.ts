import { defineCommand } from '../../command/command.js'
import { option } from '../../command/option.js'
import { asAddress } from '../../command/parse.js'
import { formatTokens } from '../../output/numbers.js'
import { networkOptions, openNetwork } from '../../settings/connection.js'
import { owedLines, owedRevenue, pendingLine, pendingRevenue, potLine, waitingPots } from '../../settings/revenue.js'

export const payRevenue = defineCommand({
  path: ['pay', 'revenue'],
  summary: 'Show what revenue waits: to be distributed, for validators, and for an account to withdraw',
  options: {
    ...networkOptions,
    account: option.optional('--account <address>', 'whose revenue (default: that of nobody)', asAddress),
  },
  examples: ['pay revenue', 'pay revenue --account 0x… --json'],
  async run({ account, ...values }, context) {
    const client = await openNetwork(values, context)
    const [pending, pots, owed, { treasury, treasuryWei }] = await Promise.all([
      pendingRevenue(client, context),
      waitingPots(client, context),
      account === undefined ? null : owedRevenue(client, account, context),
      client.contracts.splitter.read('treasury', []).then(async (treasury) => {
        return { treasury, treasuryWei: await client.payments.owedTo(treasury) }
      }),
    ])
    return { pending, pots, treasury, treasuryWei, account: account ?? null, owed }
  },
  render({ pending, pots, treasury, treasuryWei, account, owed }) {
    const list = (title: string, lines: readonly string[]) => (lines.length === 0 ? [] : [title, ...lines])
    const lines = [
      ...list('to distribute: `witan pay distribute`', pending.map(pendingLine)),
      ...list('in pots: `witan pay validators`', pots.map(potLine)),
      ...(treasuryWei > 0n ? [`for the treasury ${treasury}: ${formatTokens(treasuryWei, 9)}`] : []),
      ...(owed === null ? [] : list(`for ${account}: \`witan pay withdraw\``, owedLines(owed))),
    ]
    return lines.length === 0 ? 'nothing waits' : lines.join('\n')
  },
})
