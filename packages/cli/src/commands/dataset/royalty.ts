import { resolve } from 'node:path'
import { openDataset, proveContributor } from '@witan/storage'
import { defineCommand } from '../../command/command.js'
import { option } from '../../command/option.js'
import { asBigInteger, asInteger, asText } from '../../command/parse.js'
import { formatTokens } from '../../output/numbers.js'
import { openNetwork } from '../../settings/connection.js'
import { requireVersion } from '../../settings/registered-dataset.js'
import { argumentsOf, renderSent, senderAddress, sendIntents, sendOptions } from '../../settings/sending.js'

export const datasetRoyalty = defineCommand({
  path: ['dataset', 'royalty'],
  summary: 'Claim and withdraw what the records that the key contributed to a version have earned',
  options: {
    ...sendOptions,
    dataset: option.required('--dataset <folder>', 'the built data set', asText),
    set: option.required('--set <number>', 'the registered set', asBigInteger),
    version: option.required('--version <number>', 'the version that the folder is', asInteger(1, 2 ** 32 - 1)),
  },
  examples: ['dataset royalty --dataset digits-1 --set 1 --version 1 --key owner'],
  async run({ dataset: folder, set: setId, version, ...values }, context) {
    const dataset = await openDataset(resolve(context.directory, folder))
    const client = await openNetwork(values, context)
    await requireVersion(client, dataset, { setId, version })
    const contributor = await senderAddress(values, context)
    const { records, proof } = proveContributor(dataset, contributor)
    const intents = [
      client.intents.claimRoyalty({ setId, version, contributor, records, proof }),
      client.intents.withdrawCredit(contributor),
    ]
    const sent = await sendIntents(client, intents, values, context)
    const claimedWei = argumentsOf(sent, 'RoyaltyClaimed')?.amount ?? 0n
    return { setId, version, contributor, records, claimedWei, ...sent }
  },
  render: ({ records, claimedWei, ...sent }) =>
    `${renderSent(sent)}\n${formatTokens(claimedWei, 9)} tokens for ${records} records`,
})
