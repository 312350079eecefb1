import { defineCommand } from '../../command/command.js'
import { option } from '../../command/option.js'
import { asBigInteger } from '../../command/parse.js'
import { formatTokens } from '../../output/numbers.js'
import { openNetwork } from '../../settings/connection.js'
import { renderSent, senderAddress, sendIntents, sendOptions } from '../../settings/sending.js'

export const datasetOrder = defineCommand({
  path: ['dataset', 'order'],
  summary: 'Buy access to a data set: its present edition with all corrections, and every edition before',
  options: { ...sendOptions, set: option.required('--set <number>', 'the registered set', asBigInteger) },
  examples: ['dataset order --set 1 --key owner', 'dataset order --set 1 --key owner --dry-run'],
  async run({ set: setId, ...values }, context) {
    const client = await openNetwork(values, context)
    const [{ terms, editions }, owner] = await Promise.all([
      client.datasets.dataset(setId),
      senderAddress(values, context),
    ])
    const intents = [
      ...(await client.approvals({ owner, spender: 'datasets', amountWei: terms.price })),
      client.intents.orderDataset(setId, terms.price),
    ]
    return { setId, edition: editions, priceWei: terms.price, ...(await sendIntents(client, intents, values, context)) }
  },
  render: ({ setId, edition, priceWei, ...sent }) =>
    `${renderSent(sent)}\ndata set ${setId}, edition ${edition}, for ${formatTokens(priceWei)} tokens`,
})
