import { defineCommand } from '../../command/command.js'
import { option } from '../../command/option.js'
import { asBigInteger } from '../../command/parse.js'
import { formatTime, formatTokens, shorten } from '../../output/numbers.js'
import { type Column, renderTable } from '../../output/table.js'
import { networkOptions, openNetwork } from '../../settings/connection.js'

export const datasetShow = defineCommand({
  path: ['dataset', 'show'],
  summary: 'Show a registered data set: its versions, what it earns, its curators and flags that wait for an answer',
  options: { ...networkOptions, set: option.required('--set <number>', 'the registered set', asBigInteger) },
  examples: ['dataset show --set 1', 'dataset show --set 1 --json'],
  async run({ set: setId, ...values }, context) {
    const client = await openNetwork(values, context)
    const set = await client.datasets.dataset(setId)
    const versions = await Promise.all(
      Array.from({ length: set.versions }, async (_, index) => {
        const number = index + 1
        const [version, pool] = await Promise.all([
          client.datasets.version(setId, number),
          client.datasets.pool(setId, number),
        ])
        const { terms, edition, includedAt } = version
        const { root, manifest, contributorsRoot, records, parent } = terms
        return {
          number,
          edition,
          includedAt,
          root,
          manifest,
          contributorsRoot,
          records,
          parent,
          royaltiesWei: pool.paid,
        }
      }),
    )
    const { terms, name, owner, isListed, curators, roster, reserve, upheld, answered } = set
    return {
      setId,
      name,
      owner,
      isListed,
      ...terms,
      reserve,
      curators,
      roster,
      unanswered: upheld - answered,
      versions,
    }
  },
  render(
    { setId, name, owner, isListed, price, flagBond, flagReward, reserve, curators, unanswered, versions },
    { terminal },
  ) {
    const columns: readonly Column<(typeof versions)[number]>[] = [
      { title: 'VERSION', value: ({ number }) => String(number), align: 'right' },
      { title: 'EDITION', value: ({ edition }) => String(edition), align: 'right' },
      { title: 'RECORDS', value: ({ records }) => String(records), align: 'right' },
      { title: 'ROOT', value: ({ root }) => shorten(root) },
      { title: 'MANIFEST', value: ({ manifest }) => shorten(manifest) },
      { title: 'ROYALTIES', value: ({ royaltiesWei }) => formatTokens(royaltiesWei), align: 'right' },
      { title: 'INCLUDED', value: ({ includedAt }) => formatTime(includedAt) },
    ]
    return [
      `data set ${setId} (${name}) of ${owner}, ${isListed ? 'listed' : 'not listed'}`,
      `order ${formatTokens(price)}, bond ${formatTokens(flagBond)} and reward ${formatTokens(flagReward)} a record, reserve ${formatTokens(reserve)} tokens`,
      `${unanswered} flags wait for a correction; curators ${curators.join(', ')}`,
      versions.length === 0 ? 'no version yet' : renderTable(columns, versions, terminal.columns),
    ].join('\n')
  },
})
