import { defineCommand } from '../../command/command.js'
import { option } from '../../command/option.js'
import { asAddress } from '../../command/parse.js'
import { formatTokens } from '../../output/numbers.js'
import { openNetwork } from '../../settings/connection.js'
import { owedLines, owedRevenue } from '../../settings/revenue.js'
import { renderSent, senderAddress, sendIntents, sendOptions } from '../../settings/sending.js'

export const payWithdraw = defineCommand({
  path: ['pay', 'withdraw'],
  summary:
    'Pay an account what it is owed as creator, owner of data sets, contributor, validator or treasury; anybody may',
  options: {
    ...sendOptions,
    account: option.optional('--account <address>', 'who is paid (default: the key)', asAddress),
  },
  examples: ['pay withdraw --key owner', 'pay withdraw --account 0x… --key keeper --dry-run'],
  async run({ account: named, ...values }, context) {
    const client = await openNetwork(values, context)
    const account = named ?? (await senderAddress(values, context))
    const owed = await owedRevenue(client, account, context)
    if (!values.dryRun && !values.yes) for (const line of owedLines(owed)) context.terminal.note(line)
    const intents = [
      ...(owed.revenueWei > 0n ? [client.intents.withdrawRevenue(account)] : []),
      ...(owed.creditWei > 0n ? [client.intents.withdrawCredit(account)] : []),
    ]
    const sent = await sendIntents(client, intents, values, context)
    return { account, withdrawnWei: owed.revenueWei + owed.creditWei, ...owed, ...sent }
  },
  render({ account, withdrawnWei, revenueWei, creditWei, ...sent }) {
    if (withdrawnWei === 0n) return `nothing is owed to ${account}`
    const head = `${formatTokens(withdrawnWei, 9)} tokens for ${account}`
    return [head, ...owedLines({ revenueWei, creditWei }), renderSent(sent)].join('\n')
  },
})
