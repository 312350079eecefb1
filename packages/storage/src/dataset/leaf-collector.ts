import {
  type Address,
  type ContributorShare,
  contributorLeaf,
  MerkleTree,
  NODE_BYTES,
  recordLeaf,
  WitanError,
} from '@witan/protocol'
import { DATASET_LIMITS } from '../limits.js'
import { leafFields, type StoredRecord } from './record-line.js'

/** Gathers what a manifest says of the records: both trees and the shares of the contributors. */
export class LeafCollector {
  #leaves = new Uint8Array(1_024 * NODE_BYTES)
  #count = 0
  readonly #shares = new Map<Address, number>()

  get count(): number {
    return this.#count
  }

  /** Throws `DATASET_SIZE`. */
  add(record: StoredRecord): void {
    if (this.#count === DATASET_LIMITS.maxRecords)
      throw size({ records: this.#count + 1, most: DATASET_LIMITS.maxRecords })
    if (this.#count * NODE_BYTES === this.#leaves.length) {
      const larger = new Uint8Array(2 * this.#leaves.length)
      larger.set(this.#leaves)
      this.#leaves = larger
    }
    this.#leaves.set(recordLeaf(leafFields(record)), this.#count * NODE_BYTES)
    this.#count += 1
    this.#shares.set(record.contributor, (this.#shares.get(record.contributor) ?? 0) + 1)
    if (this.#shares.size > DATASET_LIMITS.maxContributors) {
      throw size({ contributors: this.#shares.size, most: DATASET_LIMITS.maxContributors })
    }
  }

  /** Throws `DATASET_SIZE` without a record. */
  finish() {
    if (this.#count === 0) throw size({ records: 0 })
    const contributors = [...this.#shares]
      .map(([contributor, records]): ContributorShare => ({ contributor, records }))
      .sort((a, b) => (a.contributor < b.contributor ? -1 : 1))
    return {
      tree: new MerkleTree(this.#leaves.subarray(0, this.#count * NODE_BYTES)),
      contributors,
      contributorsTree: contributorsTree(contributors),
    }
  }
}

export function contributorsTree(contributors: readonly ContributorShare[]): MerkleTree {
  return new MerkleTree(contributors.map(contributorLeaf))
}

function size(facts: Record<string, number>): WitanError {
  return new WitanError('DATASET_SIZE', 'The data set has a size it cannot have', { facts })
}
