import { resolve } from 'node:path'
import { keccak256Hex } from '@witan/protocol'
import { openDataset, proveRecords } from '@witan/storage'
import { defineCommand } from '../../command/command.js'
import { option } from '../../command/option.js'
import { asAmount, asBigInteger, asNumbers, asText } from '../../command/parse.js'
import { formatTokens } from '../../output/numbers.js'
import { openNetwork } from '../../settings/connection.js'
import { requireVersion } from '../../settings/registered-dataset.js'
import { renderSent, senderAddress, sendIntents, sendOptions } from '../../settings/sending.js'

/** Records that one flag can name. */
const MAX_FLAG_RECORDS = 64

export const datasetFlag = defineCommand({
  path: ['dataset', 'flag'],
  summary:
    'Flag wrong records of a registered data set, with a bond that comes back with a reward when the curators agree',
  options: {
    ...sendOptions,
    dataset: option.required('--dataset <folder>', 'the built data set, in its newest registered version', asText),
    set: option.required('--set <number>', 'the registered set', asBigInteger),
    records: option.required('--records <numbers>', 'the records, counted from 0: 3,17,20', asNumbers),
    reason: option.required('--reason <text>', 'what is wrong; its digest is registered', asText),
    minReward: option.withDefault(
      '--min-reward <tokens>',
      'least reward that must be promised for each flag',
      asAmount,
      0n,
    ),
  },
  examples: ['dataset flag --dataset digits-1 --set 1 --records 3,17 --reason "wrong label" --key friend'],
  async run({ dataset: folder, set: setId, records, reason, minReward, ...values }, context) {
    const dataset = await openDataset(resolve(context.directory, folder))
    const client = await openNetwork(values, context)
    const [{ versions: version, roster, terms }, owner] = await Promise.all([
      client.datasets.dataset(setId),
      senderAddress(values, context),
    ])
    await requireVersion(client, dataset, { setId, version })
    const proofs = await proveRecords(dataset, records, context.signal)
    const bondWei = terms.flagBond * BigInt(records.length)
    const flags = Array.from({ length: Math.ceil(proofs.length / MAX_FLAG_RECORDS) }, (_, page) =>
      client.intents.flagRecords({
        setId,
        version,
        records: proofs.slice(page * MAX_FLAG_RECORDS, (page + 1) * MAX_FLAG_RECORDS),
        reason: keccak256Hex(Buffer.from(reason)),
        roster,
        minReward,
      }),
    )
    const approvals = await client.approvals({ owner, spender: 'datasets', amountWei: bondWei })
    const sent = await sendIntents(client, [...approvals, ...flags], values, context)
    const ballots = sent.calls.flatMap(({ events }) =>
      events.flatMap((event) => (event.name === 'Flagged' ? [event.args.ballotId] : [])),
    )
    return { setId, version, records, bondWei, ballots, ...sent }
  },
  render: ({ setId, version, records, bondWei, ballots, ...sent }) =>
    `${renderSent(sent)}\n${records.length} records of version ${version} of data set ${setId}, ${formatTokens(bondWei)} tokens of bond; ballots ${ballots.join(', ')}`,
})
