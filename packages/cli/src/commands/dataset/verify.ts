import { resolve } from 'node:path'
import { WitanError } from '@witan/protocol'
import { openDataset, verifyDataset } from '@witan/storage'
import { defineCommand } from '../../command/command.js'
import { option } from '../../command/option.js'
import { asBytes32, asText } from '../../command/parse.js'

export const datasetVerify = defineCommand({
  path: ['dataset', 'verify'],
  summary: 'Compute every digest of a built data set again; exits 1 when a single byte was altered',
  options: {
    dataset: option.required('--dataset <folder>', 'the built data set', asText),
    manifest: option.optional('--manifest <digest>', 'the manifest digest that it must have', asBytes32),
  },
  examples: ['dataset verify --dataset digits-1', 'dataset verify --dataset digits-1 --manifest 0x…'],
  async run({ dataset: folder, manifest: expected }, { directory, signal }) {
    const dataset = await openDataset(resolve(directory, folder))
    const { manifest, manifestDigest } = dataset
    if (expected !== undefined && expected !== manifestDigest) {
      throw new WitanError('DATASET_MISMATCH', 'The data set has another manifest', {
        facts: { field: 'manifest', found: manifestDigest, expected },
      })
    }
    await verifyDataset(dataset, signal)
    return { verified: true, name: manifest.name, records: manifest.records, root: manifest.root, manifestDigest }
  },
  render: ({ name, records, root }) => `${name}: all ${records} records prove against ${root}`,
})
