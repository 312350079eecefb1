import { resolve } from 'node:path'
import { openDataset, proveContributor, proveRecord } from '@witan/storage'
import { defineCommand } from '../../command/command.js'
import { option, usageError } from '../../command/option.js'
import { asAddress, asInteger, asText } from '../../command/parse.js'

export const datasetProof = defineCommand({
  path: ['dataset', 'proof'],
  summary: "Prove that a record, or a contributor's share, is in a data set",
  options: {
    dataset: option.required('--dataset <folder>', 'the built data set', asText),
    record: option.optional('--record <number>', 'the record, counted from 0', asInteger(0)),
    contributor: option.optional('--contributor <address>', 'the contributor', asAddress),
  },
  examples: ['dataset proof --dataset digits-1 --record 7', 'dataset proof --dataset digits-1 --contributor 0x…'],
  async run({ dataset: folder, record, contributor }, { directory, signal }) {
    if ((record === undefined) === (contributor === undefined)) {
      throw usageError('Name either --record or --contributor')
    }
    const dataset = await openDataset(resolve(directory, folder))
    if (contributor !== undefined) {
      const { leaf, proof, root, records } = proveContributor(dataset, contributor)
      return { of: `the ${records} records of ${contributor}`, contributor, records, leaf, proof, root }
    }
    const proven = await proveRecord(dataset, record!, signal)
    const { leaf, proof, root, fields, stored } = proven
    return {
      of: `record ${record}`,
      record,
      fields,
      licence: stored.licence,
      content: stored.record,
      leaf,
      proof,
      root,
    }
  },
  render: ({ of, leaf, proof, root }) =>
    [
      `${of} ${proof.length === 0 ? 'is' : 'is in'} ${root}`,
      `leaf  ${leaf}`,
      ...proof.map((node) => `      ${node}`),
    ].join('\n'),
})
