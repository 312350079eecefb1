import { defineCommand } from '../../command/command.js'
import { option, repeated, toggle, usageError } from '../../command/option.js'
import { asAddress, asAmount, asBigInteger, asChoice } from '../../command/parse.js'
import { formatTokens } from '../../output/numbers.js'
import { openNetwork } from '../../settings/connection.js'
import { renderSent, sendIntents, sendOptions } from '../../settings/sending.js'
import { proposeDecision, proposeOptions, renderDecision } from '../gov/proposing.js'

const setOption = option.required('--set <number>', 'the registered set', asBigInteger)

export const datasetSetPrice = defineCommand({
  path: ['dataset', 'set-price'],
  summary: 'Set what an order of an own data set costs from now on',
  options: { ...sendOptions, set: setOption, price: option.required('--price <tokens>', 'of an order', asAmount) },
  examples: ['dataset set-price --set 1 --price 12.5 --key owner'],
  async run({ set: setId, price, ...values }, context) {
    const client = await openNetwork(values, context)
    const { terms } = await client.datasets.dataset(setId)
    const sent = await sendIntents(client, [client.intents.setDatasetPrice(setId, price)], values, context)
    return { setId, beforeWei: terms.price, priceWei: price, ...sent }
  },
  render: ({ setId, beforeWei, priceWei, ...sent }) =>
    `${renderSent(sent)}\ndata set ${setId}: ${formatTokens(beforeWei)} → ${formatTokens(priceWei)} tokens an order`,
})

export const datasetSetCurators = defineCommand({
  path: ['dataset', 'set-curators'],
  summary: 'Appoint other curators of an own data set, or propose them for any set; running ballots keep theirs',
  options: {
    ...proposeOptions,
    set: setOption,
    curator: repeated('--curator <address>', 'who votes on versions and flags', asAddress),
    propose: toggle('--propose', 'propose it to the stakers, for a set of another owner'),
  },
  examples: [
    'dataset set-curators --set 1 --curator 0x… --curator 0x… --key owner',
    'dataset set-curators --set 1 --curator 0x… --propose --key owner',
  ],
  async run({ set: setId, curator: curators, propose, ...values }, context) {
    if (curators.length === 0) throw usageError('Give a --curator')
    const client = await openNetwork(values, context)
    const { name, curators: before } = await client.datasets.dataset(setId)
    if (!propose) {
      const intent = client.intents.setCurators(setId, curators)
      return { setId, before, curators, ...(await sendIntents(client, [intent], values, context)) }
    }
    const decision = {
      title: `Curators ${curators.join(', ')} for data set ${setId} (${name})`,
      calls: [{ contract: 'DatasetRegistry', function: 'setCurators', args: { setId, curators } }],
    }
    return { setId, before, curators, ...(await proposeDecision(client, decision, values, context)) }
  },
  render({ setId, before, curators, ...done }) {
    const head = 'file' in done || 'effects' in done ? renderDecision(done) : renderSent(done)
    return `${head}\ndata set ${setId}: curators ${before.join(', ')} → ${curators.join(', ')}`
  },
})

export const datasetSetListed = defineCommand({
  path: ['dataset', 'set-listed'],
  summary: 'Propose to the stakers to delist a data set, or to list one again that was delisted',
  options: {
    ...proposeOptions,
    set: setOption,
    listed: option.required('--listed <yes|no>', 'whether it is listed then', asChoice('yes', 'no')),
  },
  examples: ['dataset set-listed --set 1 --listed no --reason "its labels are bought" --key owner'],
  async run({ set: setId, listed, ...values }, context) {
    const client = await openNetwork(values, context)
    const { name, isListed: before } = await client.datasets.dataset(setId)
    const decision = {
      title: `${listed === 'yes' ? 'List' : 'Delist'} data set ${setId} (${name})`,
      calls: [{ contract: 'DatasetRegistry', function: 'setListed', args: { setId, listed: listed === 'yes' } }],
    }
    return { setId, before, listed: listed === 'yes', ...(await proposeDecision(client, decision, values, context)) }
  },
  render: ({ setId, before, listed, ...proposed }) =>
    `${renderDecision(proposed)}\ndata set ${setId}: ${before ? 'listed' : 'not listed'} → ${listed ? 'listed' : 'not listed'}, once it is carried out`,
})
