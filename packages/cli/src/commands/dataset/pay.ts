import { defineCommand } from '../../command/command.js'
import { option } from '../../command/option.js'
import { asBigInteger, asInteger, asPositiveAmount } from '../../command/parse.js'
import { formatTokens } from '../../output/numbers.js'
import { openNetwork } from '../../settings/connection.js'
import { renderSent, senderAddress, sendIntents, sendOptions } from '../../settings/sending.js'

export const datasetPay = defineCommand({
  path: ['dataset', 'pay'],
  summary: "Pass revenue on: split like an order between the contributors of a version and the set's owner",
  options: {
    ...sendOptions,
    set: option.required('--set <number>', 'the registered set', asBigInteger),
    version: option.optional('--version <number>', 'the version (default: the newest)', asInteger(1, 2 ** 32 - 1)),
    amount: option.required('--amount <tokens>', 'how much', asPositiveAmount),
  },
  examples: [
    'dataset pay --set 1 --amount 5 --key owner',
    'dataset pay --set 1 --version 2 --amount 5 --key owner --dry-run',
  ],
  async run({ set: setId, version: named, amount, ...values }, context) {
    const client = await openNetwork(values, context)
    const [{ versions }, owner] = await Promise.all([client.datasets.dataset(setId), senderAddress(values, context)])
    const version = named ?? versions
    const intents = [
      ...(await client.approvals({ owner, spender: 'datasets', amountWei: amount })),
      client.intents.payRoyalty(setId, version, amount),
    ]
    return { setId, version, amountWei: amount, ...(await sendIntents(client, intents, values, context)) }
  },
  render: ({ setId, version, amountWei, ...sent }) =>
    `${renderSent(sent)}\n${formatTokens(amountWei)} tokens for version ${version} of data set ${setId}`,
})
