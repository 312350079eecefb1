import type { ChainClient } from '@witan/chain'
import { defineCommand } from '../../command/command.js'
import type { CommandContext } from '../../command/context.js'
import { option, repeated, usageError } from '../../command/option.js'
import { asAddress, asAmount, asBigInteger, asPercent, asText } from '../../command/parse.js'
import { openNetwork } from '../../settings/connection.js'
import { openVerified, versionTerms } from '../../settings/registered-dataset.js'
import {
  argumentsOf,
  renderSent,
  type SendValues,
  type Sent,
  sendIntents,
  sendOptions,
} from '../../settings/sending.js'

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
    const { setId, ...sent } = await createAndPropose(
      client,
      client.intents.createDataset({ ...creation, curators: curator }),
      (created) => client.intents.proposeVersion(created, terms),
      values,
      context,
    )
    return { setId, ballotId: ballotOf(sent), version: 1, ...sent }
  },
  render: ({ setId, ballotId, version, ...sent }) =>
    `${renderSent(sent)}\ndata set ${setId}: version ${version} is for the curators to include${ballotId === undefined ? '' : `, ballot ${ballotId}`}`,
})

type Intents = ReturnType<ChainClient['intents']['createDataset']>

/** The number of a set is known once it is there: the proposal is sent second. A dry run takes the next number. */
async function createAndPropose(
  client: ChainClient,
  create: Intents,
  propose: (setId: bigint) => Intents,
  values: SendValues,
  context: CommandContext,
): Promise<Sent & { setId: bigint }> {
  if (values.dryRun) {
    const setId = BigInt(await client.datasets.count()) + 1n
    return { setId, ...(await sendIntents(client, [create, propose(setId)], values, context)) }
  }
  const created = await sendIntents(client, [create], values, context)
  const { setId } = argumentsOf(created, 'DatasetCreated')!
  const proposed = await sendIntents(client, [propose(setId)], values, context)
  return { setId, ...proposed, calls: [...created.calls, ...proposed.calls] }
}

const ballotOf = (sent: Sent): bigint | undefined => argumentsOf(sent, 'VersionProposed')?.ballotId
