import { defineCommand } from '../../command/command.js'
import { option, repeated, usageError } from '../../command/option.js'
import { asAddress, asAmount, asBigInteger, asPercent, asText } from '../../command/parse.js'
import { openNetwork } from '../../settings/connection.js'
import { createAndGoOn } from '../../settings/creation.js'
import { openVerified, versionTerms } from '../../settings/registered-dataset.js'
import { argumentsOf, renderSent, type Sent, sendIntents, sendOptions } from '../../settings/sending.js'

export const datasetPublish = defineCommand({
  path: ['dataset', 'publish'],
  summary: 'Register a built data set, or propose it as the next version of one; the curators vote on it',
  options: {
    ...sendOptions,
    dataset: option.required('--dataset <folder>', 'the built data set', asText),
    set: option.optional('--set <number>', 'the registered set that it is the next version of', asBigInteger),
    curator: repeated('--curator <address>', 'of a new set: who votes on its versions and flags', asAddress),
    price: option.withDefault('--price <tokens>', 'of a new set: what an order costs', asAmount, 0n),
    flagBond: option.withDefault(
      '--flag-bond <tokens>',
      'of a new set: bond for each flagged record',
      asAmount,
      10n ** 18n,
    ),
    flagReward: option.withDefault(
      '--flag-reward <tokens>',
      'of a new set: reward for each record of an upheld flag, from its reserve',
      asAmount,
      10n ** 18n,
    ),
    contributors: option.withDefault(
      '--contributors <percent>',
      "of a new set: the contributors' part of every payment",
      asPercent,
      7_000,
    ),
  },
  examples: [
    'dataset publish --dataset digits-1 --curator 0x… --curator 0x… --price 10 --key owner',
    'dataset publish --dataset digits-3 --set 1 --key owner',
  ],
  async run({ dataset: folder, set, curator, price, flagBond, flagReward, contributors, ...values }, context) {
    if (set === undefined && curator.length === 0) throw usageError('A new data set needs a --curator')
    const dataset = await openVerified(folder, context)
    const client = await openNetwork(values, context)
    const newest = set === undefined ? 0 : (await client.datasets.dataset(set)).versions
    const terms = versionTerms(dataset, newest)
    if (set !== undefined) {
      const sent = await sendIntents(client, [client.intents.proposeVersion(set, terms)], values, context)
      return { setId: set, ballotId: ballotOf(sent), version: newest + 1, ...sent }
    }
    const creation = { name: dataset.manifest.name, price, flagBond, flagReward, contributorsBps: contributors }
    const { number: setId, ...sent } = await createAndGoOn(
      client,
      {
        create: client.intents.createDataset({ ...creation, curators: curator }),
        count: () => client.datasets.count(),
        numberIn: (created) => argumentsOf(created, 'DatasetCreated')!.setId,
        next: (created) => client.intents.proposeVersion(created, terms),
      },
      values,
      context,
    )
    return { setId, ballotId: ballotOf(sent), version: 1, ...sent }
  },
  render: ({ setId, ballotId, version, ...sent }) =>
    `${renderSent(sent)}\ndata set ${setId}: version ${version} is for the curators to include${ballotId === undefined ? '' : `, ballot ${ballotId}`}`,
})

const ballotOf = (sent: Sent): bigint | undefined => argumentsOf(sent, 'VersionProposed')?.ballotId
