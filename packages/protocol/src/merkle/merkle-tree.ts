import { keccak256 } from '../crypto/keccak256.js'

export const NODE_BYTES = 32
const pair = new Uint8Array(2 * NODE_BYTES)

/** keccak256 of two nodes in ascending order, as OpenZeppelin's MerkleProof computes it. */
export function hashPair(a: Uint8Array, b: Uint8Array): Uint8Array {
  const ascending = Buffer.compare(a, b) <= 0
  pair.set(ascending ? a : b)
  pair.set(ascending ? b : a, NODE_BYTES)
  return keccak256(pair)
}

/** The indices of a leaf's siblings from the leaf up, in a complete binary tree of `leafCount` leaves. */
export function siblingIndices(leafCount: number, leafIndex: number): number[] {
  if (!(leafIndex >= 0 && leafIndex < leafCount)) throw new RangeError(`no leaf ${leafIndex}`)
  const siblings: number[] = []
  for (let index = 2 * leafCount - 2 - leafIndex; index > 0; index = (index - 1) >> 1) {
    siblings.push(index % 2 === 0 ? index - 1 : index + 1)
  }
  return siblings
}

/**
 * A complete binary tree in one array: node i has the children 2i + 1 and 2i + 2, the root is node 0, and leaf k is the
 * k-th from the end (the layout of @openzeppelin/merkle-tree, without sorting the leaves). A node takes 32 bytes: the
 * tree of a million leaves takes 64 MB.
 */
export class MerkleTree {
  /** All nodes, 32 bytes each. */
  readonly bytes: Uint8Array
  readonly leafCount: number

  /** @param leaves one or more, 32 bytes each: a list, or all of them in one piece */
  constructor(leaves: readonly Uint8Array[] | Uint8Array) {
    const packed = leaves instanceof Uint8Array
    const count = packed ? leaves.length / NODE_BYTES : leaves.length
    if (count === 0 || !Number.isInteger(count)) throw new RangeError('a Merkle tree needs leaves of 32 bytes')
    this.leafCount = count
    this.bytes = new Uint8Array((2 * count - 1) * NODE_BYTES)
    for (let leaf = 0; leaf < count; leaf++) {
      const node = packed ? leaves.subarray(leaf * NODE_BYTES, (leaf + 1) * NODE_BYTES) : leaves[leaf]!
      this.bytes.set(node, (2 * count - 2 - leaf) * NODE_BYTES)
    }
    for (let index = count - 2; index >= 0; index--) {
      this.bytes.set(hashPair(this.#node(2 * index + 1), this.#node(2 * index + 2)), index * NODE_BYTES)
    }
  }

  get root(): Uint8Array {
    return this.#node(0)
  }

  /** Siblings from the leaf up. */
  proof(leafIndex: number): Uint8Array[] {
    return siblingIndices(this.leafCount, leafIndex).map((index) => this.#node(index))
  }

  #node(index: number): Uint8Array {
    return this.bytes.subarray(index * NODE_BYTES, (index + 1) * NODE_BYTES)
  }
}

/** The root that a leaf and its proof lead to. */
export function rootOfProof(leaf: Uint8Array, proof: Iterable<Uint8Array>): Uint8Array {
  let node = leaf
  for (const sibling of proof) node = hashPair(node, sibling)
  return node
}

/** The longest path in a tree of `leafCount` leaves. */
export function maxProofLength(leafCount: number): number {
  return Math.ceil(Math.log2(leafCount))
}
