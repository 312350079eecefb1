import { defineCommand } from '../../command/command.js'
import { option } from '../../command/option.js'
import { asBigInteger, asText } from '../../command/parse.js'
import { openNetwork } from '../../settings/connection.js'
import { openVerified, versionTerms } from '../../settings/registered-dataset.js'
import { renderSent, sendIntents, sendOptions } from '../../settings/sending.js'

export const datasetCorrect = defineCommand({
  path: ['dataset', 'correct'],
  summary: 'Answer the upheld flags of an own data set by a corrected version, which counts at once',
  options: {
    ...sendOptions,
    dataset: option.required('--dataset <folder>', 'the built, corrected data set', asText),
    set: option.required('--set <number>', 'the registered set', asBigInteger),
    upTo: option.optional('--up-to <number>', 'the last upheld flag that is answered (default: all)', asBigInteger),
  },
  examples: ['dataset correct --dataset digits-2 --set 1 --key owner'],
  async run({ dataset: folder, set: setId, upTo, ...values }, context) {
    const dataset = await openVerified(folder, context)
    const client = await openNetwork(values, context)
    const { versions, upheld, answered } = await client.datasets.dataset(setId)
    const answers = upTo ?? upheld
    const intent = client.intents.correctDataset(setId, versionTerms(dataset, versions), answers)
    const sent = await sendIntents(client, [intent], values, context)
    return { setId, version: versions + 1, answeredBefore: answered, answered: answers, ...sent }
  },
  render: ({ setId, version, answeredBefore, answered, ...sent }) =>
    `${renderSent(sent)}\ndata set ${setId}: version ${version} answers ${answered - answeredBefore} flags`,
})
