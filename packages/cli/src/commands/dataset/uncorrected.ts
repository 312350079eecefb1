import { resolve } from 'node:path'
import { openDataset, proveRecord } from '@witan/storage'
import { defineCommand } from '../../command/command.js'
import { option } from '../../command/option.js'
import { asBigInteger, asInteger, asText } from '../../command/parse.js'
import { formatTokens } from '../../output/numbers.js'
import { openNetwork } from '../../settings/connection.js'
import { requireVersion } from '../../settings/registered-dataset.js'
import { renderSent, sendIntents, sendOptions } from '../../settings/sending.js'

export const datasetProveUncorrected = defineCommand({
  path: ['dataset', 'prove-uncorrected'],
  summary: 'Prove that a record of an answered flag is still in the newest version: delists the set, for its reserve',
  options: {
    ...sendOptions,
    dataset: option.required('--dataset <folder>', 'the built data set, in its newest registered version', asText),
    set: option.required('--set <number>', 'the registered set', asBigInteger),
    record: option.required('--record <number>', 'the record, counted from 0', asInteger(0)),
  },
  examples: ['dataset prove-uncorrected --dataset digits-2 --set 1 --record 17 --key friend --dry-run'],
  async run({ dataset: folder, set: setId, record, ...values }, context) {
    const dataset = await openDataset(resolve(context.directory, folder))
    const client = await openNetwork(values, context)
    const { versions: version, reserve } = await client.datasets.dataset(setId)
    await requireVersion(client, dataset, { setId, version })
    const proof = await proveRecord(dataset, record, context.signal)
    const intent = client.intents.proveUncorrected(setId, proof)
    return { setId, version, record, rewardWei: reserve, ...(await sendIntents(client, [intent], values, context)) }
  },
  render: ({ setId, rewardWei, ...sent }) =>
    `${renderSent(sent)}\ndata set ${setId} is not listed; ${formatTokens(rewardWei)} tokens are credited: \`witan pay withdraw\``,
})

export const datasetSweep = defineCommand({
  path: ['dataset', 'sweep'],
  summary:
    "Credit the owner with a version's royalties that nobody claimed for a year after the last payment; anybody may",
  options: {
    ...sendOptions,
    set: option.required('--set <number>', 'the registered set', asBigInteger),
    version: option.required('--version <number>', 'the version', asInteger(1, 2 ** 32 - 1)),
  },
  examples: ['dataset sweep --set 1 --version 1 --key owner'],
  async run({ set: setId, version, ...values }, context) {
    const client = await openNetwork(values, context)
    const [{ owner }, { paid, claimed }] = await Promise.all([
      client.datasets.dataset(setId),
      client.datasets.pool(setId, version),
    ])
    const sent = await sendIntents(client, [client.intents.sweepRoyalty(setId, version)], values, context)
    return { setId, version, owner, unclaimedWei: paid - claimed, ...sent }
  },
  render: ({ owner, unclaimedWei, ...sent }) =>
    `${renderSent(sent)}\n${formatTokens(unclaimedWei, 9)} tokens credited to ${owner}: \`witan pay withdraw\``,
})
