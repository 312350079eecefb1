import { keccak256 } from '../crypto/keccak256.js'

const NODE_BYTES = 32
const pair = new Uint8Array(2 * NODE_BYTES)

/** keccak256 of two nodes in ascending order, as OpenZeppelin's MerkleProof computes it. */
export function hashPair(a: Uint8Array, b: Uint8Array): Uint8Array {
  const ascending = Buffer.compare(a, b) <= 0
  pair.set(ascending ? a : b)
  pair.set(ascending ? b : a, NODE_BYTES)
  return keccak256(pair)
}

/**
 * A complete binary tree in an array: node i has the children 2i + 1 and 2i + 2, the root is node 0, and leaf k is the
 * k-th from the end (the layout of @openzeppelin/merkle-tree, without sorting the leaves).
 */
export class MerkleTree {
  readonly #nodes: Uint8Array[]
  readonly #leafCount: number

  /** @param leaves one or more, 32 bytes each */
  constructor(leaves: readonly Uint8Array[]) {
    if (leaves.length === 0) throw new RangeError('a Merkle tree needs a leaf')
    this.#leafCount = leaves.length
    const inner = leaves.length - 1
    const nodes = new Array<Uint8Array>(inner).concat(leaves.toReversed())
    for (let index = inner - 1; index >= 0; index--) {
      nodes[index] = hashPair(nodes[2 * index + 1]!, nodes[2 * index + 2]!)
    }
    this.#nodes = nodes
  }

  get root(): Uint8Array {
    return this.#nodes[0]!
  }

  /** Siblings from the leaf up. */
  proof(leafIndex: number): Uint8Array[] {
    if (!(leafIndex >= 0 && leafIndex < this.#leafCount)) throw new RangeError(`no leaf ${leafIndex}`)
    const siblings: Uint8Array[] = []
    for (let index = this.#nodes.length - 1 - leafIndex; index > 0; index = (index - 1) >> 1) {
      siblings.push(this.#nodes[index % 2 === 0 ? index - 1 : index + 1]!)
    }
    return siblings
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
