import { resolve } from 'node:path'
import type { ChainClient, NewDatasetVersion } from '@witan/chain'
import { WitanError } from '@witan/protocol'
import { licenceDigest, type OpenDataset, openDataset, verifyDataset } from '@witan/storage'
import type { CommandContext } from '../command/context.js'

/** A built data set whose every digest was computed again: what is published must be what is in the folder. */
export async function openVerified(folder: string, { directory, signal }: CommandContext): Promise<OpenDataset> {
  const dataset = await openDataset(resolve(directory, folder))
  await verifyDataset(dataset, signal)
  return dataset
}

/** What the registry is told of a built data set. */
export function versionTerms({ manifest, manifestDigest }: OpenDataset, parent: number): NewDatasetVersion {
  const { root, contributorsRoot, records, licence } = manifest
  return { root, manifest: manifestDigest, contributorsRoot, licence: licenceDigest(licence), records, parent }
}

/** Throws `DATASET_MISMATCH` unless the folder is that version of the registered set. */
export async function requireVersion(
  client: ChainClient,
  { manifestDigest }: OpenDataset,
  { setId, version }: { readonly setId: bigint; readonly version: number },
): Promise<void> {
  const { terms } = await client.datasets.version(setId, version)
  if (terms.manifest === manifestDigest) return
  throw new WitanError('DATASET_MISMATCH', 'The folder is another version than the registered one', {
    facts: { setId, version, found: manifestDigest, expected: terms.manifest },
  })
}
