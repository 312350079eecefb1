import { resolve } from 'node:path'
import { buildDataset, readDatasetDescription } from '@witan/storage'
import { defineCommand } from '../../command/command.js'
import { option } from '../../command/option.js'
import { asText } from '../../command/parse.js'

export const datasetBuild = defineCommand({
  path: ['dataset', 'build'],
  summary:
    'Build a version of a data set from CSV, JSONL, Parquet or IDX files or a directory, with the origin of every record',
  options: {
    file: option.required('--file <description>', 'YAML file: name, licence, contributor and sources', asText),
    out: option.required('--out <folder>', 'where it is written; must not exist', asText),
  },
  examples: ['dataset build --file dataset.yaml --out digits-1'],
  async run({ file, out }, { directory, signal }) {
    const description = readDatasetDescription(resolve(directory, file))
    const { folder, manifest, manifestDigest } = await buildDataset(
      { description, out: resolve(directory, out) },
      { signal },
    )
    return { folder, manifestDigest, manifest }
  },
  render: ({ folder, manifestDigest, manifest }) =>
    [
      `${manifest.name}: ${manifest.records} records of ${manifest.contributors.length} contributors in ${folder}`,
      `root      ${manifest.root}`,
      `manifest  ${manifestDigest}`,
    ].join('\n'),
})
