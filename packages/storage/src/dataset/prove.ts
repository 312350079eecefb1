import { open } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type Address,
  bytesToHex,
  contributorLeaf,
  type DatasetRecord,
  type Hex,
  NODE_BYTES,
  recordLeaf,
  rootOfProof,
  siblingIndices,
  WitanError,
} from '@witan/protocol'
import { contributorsTree } from './leaf-collector.js'
import { invalid, type OpenDataset, TREE_FILE } from './manifest.js'
import { readSome } from './read-records.js'
import { leafFields, type StoredRecord } from './record-line.js'

/** That a record is in the data set: `proof` leads from `leaf` to `root`. */
export interface RecordProof {
  readonly index: number
  readonly stored: StoredRecord
  /** What the leaf is the digest of. */
  readonly fields: DatasetRecord
  readonly leaf: Hex
  /** Siblings from the leaf up. */
  readonly proof: readonly Hex[]
  readonly root: Hex
}

export interface ContributorProof {
  readonly contributor: Address
  readonly records: number
  readonly leaf: Hex
  readonly proof: readonly Hex[]
  readonly root: Hex
}

/** The proof of one record; throws what `proveRecords` throws. */
export async function proveRecord(dataset: OpenDataset, index: number, signal?: AbortSignal): Promise<RecordProof> {
  const [proof] = await proveRecords(dataset, [index], signal)
  return proof!
}

/**
 * The proofs of some records in the order asked for, each from as many reads of the tree as it has siblings. Throws
 * `DATASET_MISMATCH` when a record or the tree was altered, and `DATASET_RECORD_UNKNOWN`.
 */
export async function proveRecords(
  dataset: OpenDataset,
  indices: readonly number[],
  signal?: AbortSignal,
): Promise<RecordProof[]> {
  const { manifest } = dataset
  const found = await readSome(dataset, indices, signal)
  return Promise.all(
    indices.map(async (index) => {
      const stored = found.get(index)!
      const fields = leafFields(stored)
      const leaf = recordLeaf(fields)
      const proof = await readNodes(join(dataset.folder, TREE_FILE), siblingIndices(manifest.records, index))
      const root = bytesToHex(rootOfProof(leaf, proof))
      if (root !== manifest.root) {
        throw new WitanError('DATASET_MISMATCH', 'The record does not prove', {
          facts: { record: index, found: root, expected: manifest.root },
        })
      }
      return { index, stored, fields, leaf: bytesToHex(leaf), proof: proof.map(bytesToHex), root }
    }),
  )
}

/** The proof of a contributor's share, for the royalty. Throws `DATASET_RECORD_UNKNOWN` and `DATASET_MISMATCH`. */
export function proveContributor({ manifest }: OpenDataset, contributor: Address): ContributorProof {
  const { contributors, contributorsRoot } = manifest
  const index = contributors.findIndex((share) => share.contributor === contributor)
  const share = contributors[index]
  if (share === undefined) {
    throw new WitanError('DATASET_RECORD_UNKNOWN', 'The account contributed no record', { facts: { contributor } })
  }
  const tree = contributorsTree(contributors)
  const root = bytesToHex(tree.root)
  if (root !== contributorsRoot) {
    throw new WitanError('DATASET_MISMATCH', 'The contributors are not those of the root', {
      facts: { found: root, expected: contributorsRoot },
    })
  }
  return { ...share, leaf: bytesToHex(contributorLeaf(share)), proof: tree.proof(index).map(bytesToHex), root }
}

async function readNodes(path: string, indices: readonly number[]): Promise<Uint8Array[]> {
  try {
    const file = await open(path)
    try {
      const nodes: Uint8Array[] = []
      for (const index of indices) {
        const node = new Uint8Array(NODE_BYTES)
        await file.read(node, 0, NODE_BYTES, index * NODE_BYTES)
        nodes.push(node)
      }
      return nodes
    } finally {
      await file.close()
    }
  } catch (cause) {
    throw invalid(path, (cause as NodeJS.ErrnoException).code ?? 'unreadable', cause)
  }
}
