// Records, contributors and policies: leaves, trees and digests that TypeScript and Solidity compute alike.
import { readFileSync } from 'node:fs'
import t from 'tap'
import { bytesToHex, type Hex, hexToBytes } from '../src/bytes/hex.js'
import { contributorLeaf, recordLeaf } from '../src/dataset/record-leaf.js'
import { canonicalJson, type Json, jsonDigest } from '../src/json/canonical-json.js'
import { MerkleTree, rootOfProof, siblingIndices } from '../src/merkle/merkle-tree.js'
import { type Policy, policyDigest } from '../src/policy/policy.js'
import { refusedBy } from '../src/policy/refused-by.js'
import { RandomBytes } from './random-bytes.js'

interface Vectors {
  records: { recordDigest: Hex; sourceDigest: Hex; licence: Hex; contributor: Hex; leaf: Hex; proof: Hex[] }[]
  root: Hex
  contributors: { contributor: Hex; records: number; leaf: Hex; proof: Hex[] }[]
  contributorsRoot: Hex
  policies: { policy: Policy; digest: Hex }[]
}

const vectors: Vectors = JSON.parse(readFileSync(new URL('../../test/vectors/dataset.json', import.meta.url), 'utf8'))
const random = new RandomBytes(11)

t.test('leaves, roots and proofs are those of the vectors', async (t) => {
  const leaves = vectors.records.map(recordLeaf)
  t.strictSame(
    leaves.map(bytesToHex),
    vectors.records.map(({ leaf }) => leaf),
  )
  const tree = new MerkleTree(leaves)
  t.equal(bytesToHex(tree.root), vectors.root)
  for (const [index, { proof }] of vectors.records.entries()) t.strictSame(tree.proof(index).map(bytesToHex), proof)
  const shares = new MerkleTree(vectors.contributors.map(contributorLeaf))
  t.equal(bytesToHex(shares.root), vectors.contributorsRoot)
  for (const [index, { leaf, proof }] of vectors.contributors.entries()) {
    t.strictSame(shares.proof(index).map(bytesToHex), proof)
    t.equal(
      bytesToHex(
        rootOfProof(
          hexToBytes(leaf),
          proof.map((node) => hexToBytes(node)),
        ),
      ),
      vectors.contributorsRoot,
    )
  }
})

t.test('every field of a record counts, and a leaf is no inner node', async (t) => {
  const [record] = vectors.records
  const { leaf } = record!
  const other = bytesToHex(random.bytes(32))
  const changes = [{ recordDigest: other }, { sourceDigest: other }, { licence: other }]
  for (const change of changes) t.not(bytesToHex(recordLeaf({ ...record!, ...change })), leaf)
  t.not(bytesToHex(recordLeaf({ ...record!, contributor: bytesToHex(random.bytes(20)) })), leaf)
  const pair = new MerkleTree([random.bytes(32), random.bytes(32)])
  const [a, b] = [pair.proof(1)[0]!, pair.proof(0)[0]!]
  t.not(
    bytesToHex(recordLeaf({ ...record!, recordDigest: bytesToHex(a), sourceDigest: bytesToHex(b) })),
    bytesToHex(pair.root),
  )
})

t.test('one altered bit in a leaf or a proof leads elsewhere', async (t) => {
  const leaves = Array.from({ length: 100 }, () => random.bytes(32))
  const tree = new MerkleTree(leaves)
  t.equal(new MerkleTree(Buffer.concat(leaves)).root.join(), tree.root.join(), 'packed leaves make the same tree')
  for (const [index, leaf] of leaves.entries()) {
    const proof = tree.proof(index).map((node) => node.slice())
    const nodes = [leaf.slice(), ...proof]
    const node = nodes[index % nodes.length]!
    node[index % 32]! ^= 1 << (index % 8)
    t.not(Buffer.compare(rootOfProof(nodes[0]!, nodes.slice(1)), tree.root), 0)
  }
  t.throws(() => siblingIndices(4, 4), RangeError)
  t.throws(() => new MerkleTree(new Uint8Array(33)), RangeError)
  t.throws(() => new MerkleTree([]), RangeError)
})

t.test('canonical JSON follows RFC 8785', async (t) => {
  // Of the RFC: section 3.2.2 with its sorting of 3.2.3, and numbers of appendix B.
  const value = JSON.parse(
    '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}',
  )
  t.equal(
    canonicalJson(value),
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  )
  const keys = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\u{1f600}': 5, '\u0080': 6, '\u00f6': 7 }
  const sorted = Object.keys(JSON.parse(canonicalJson(keys), (_, each) => each))
  t.strictSame(sorted, ['1', '\r', '\u0080', '\u00f6', '\u20ac', '\u{1f600}', '\ufb33'])
  t.equal(canonicalJson(-0), '0')
  t.equal(canonicalJson({ 10: 0, 9: 1e21, '': -0 }), '{"":0,"10":0,"9":1e+21}')
  t.equal(canonicalJson(5e-324), '5e-324')
  let deep: Json = 1
  for (let level = 0; level < 65; level++) deep = [deep]
  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, '\ud83d', { '\ude00': 1 }, deep]) {
    t.throws(() => canonicalJson(bad as Json), { code: 'JSON_NOT_CANONICAL' })
  }
  t.equal(jsonDigest({ b: 1, a: [2] }), jsonDigest(JSON.parse('{"a":[2],"b":1}')))
})

t.test('a policy has one digest, whatever the order of its fields, and every field counts', async (t) => {
  for (const { policy, digest } of vectors.policies) {
    t.equal(policyDigest(policy), digest)
    const reversed = Object.fromEntries(Object.entries(policy).reverse()) as unknown as Policy
    t.equal(policyDigest(reversed), digest)
    t.not(policyDigest({ ...policy, retentionSeconds: policy.retentionSeconds + 1 }), digest)
    t.not(policyDigest({ ...policy, notice: 'other' }), digest)
  }
})

t.test('refused patterns are found in any letter case and width', async (t) => {
  const policy = { refuse: [{ name: 'a-card', contains: 'Card Number' }] }
  t.equal(refusedBy(policy, 'what is my CARD number?'), 'a-card')
  t.equal(refusedBy(policy, 'my ｃａｒｄ number'), 'a-card')
  t.equal(refusedBy(policy, 'a card'), undefined)
})
