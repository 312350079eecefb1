import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bytesToHex, type ErrorFact, type Json, jsonDigest, WitanError } from '@witan/protocol'
import { digestFile } from '../readers/directory.js'
import { contributorsTree, LeafCollector } from './leaf-collector.js'
import { invalid, type OpenDataset, RECORDS_FILE, TREE_FILE } from './manifest.js'
import { readRecords } from './read-records.js'

/**
 * Reads every record and computes every digest of the manifest again. Throws `DATASET_MISMATCH` naming the first thing
 * that is not as the manifest says.
 */
export async function verifyDataset(dataset: OpenDataset, signal?: AbortSignal): Promise<void> {
  const { folder, manifest } = dataset
  const collector = new LeafCollector()
  for await (const record of readRecords(dataset, signal)) collector.add(record)
  if (collector.count !== manifest.records) throw mismatch('records', collector.count, manifest.records)
  const { tree, contributors } = collector.finish()
  const root = bytesToHex(tree.root)
  if (root !== manifest.root) throw mismatch('root', root, manifest.root)
  if (jsonDigest(contributors as unknown as Json) !== jsonDigest(manifest.contributors as unknown as Json)) {
    throw mismatch('contributors', contributors.length, manifest.contributors.length)
  }
  const shares = bytesToHex(contributorsTree(contributors).root)
  if (shares !== manifest.contributorsRoot) throw mismatch('contributorsRoot', shares, manifest.contributorsRoot)
  const content = await digestFile(join(folder, RECORDS_FILE), signal)
  if (content.sha256 !== manifest.content.sha256) throw mismatch('content', content.sha256, manifest.content.sha256)
  const stored = await readFile(join(folder, TREE_FILE)).catch((cause: unknown) => {
    throw invalid(join(folder, TREE_FILE), (cause as NodeJS.ErrnoException).code ?? 'unreadable', cause)
  })
  if (Buffer.compare(stored, tree.bytes) !== 0) throw mismatch('tree', TREE_FILE, 'the tree of the records')
}

function mismatch(field: string, found: ErrorFact, expected: ErrorFact): WitanError {
  return new WitanError('DATASET_MISMATCH', 'The data set is not the one of its manifest', {
    facts: { field, found, expected },
  })
}
