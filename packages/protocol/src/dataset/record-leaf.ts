import type { Address, Hex } from '../bytes/hex.js'
import { keccak256 } from '../crypto/keccak256.js'
import { typeEncoder } from '../eip712/type-encoder.js'

/** What a version of a data set says about one of its records; `RecordLeaf` of the contracts has the same fields. */
export interface DatasetRecord {
  /** keccak256 of the record's canonical bytes. */
  readonly recordDigest: Hex
  /** SHA-256 of the file that the record was read from. */
  readonly sourceDigest: Hex
  /** keccak256 of the licence's SPDX expression. */
  readonly licence: Hex
  /** Who is paid for the record. */
  readonly contributor: Address
}

/** How many records of a version are a contributor's; `ContributorLeaf` of the contracts has the same fields. */
export interface ContributorShare {
  readonly contributor: Address
  readonly records: number
}

const recordEncoder = typeEncoder(
  'DatasetRecord(bytes32 recordDigest,bytes32 sourceDigest,bytes32 licence,address contributor)',
)
const shareEncoder = typeEncoder('DatasetContributor(address contributor,uint256 records)')

/**
 * The Merkle leaf of a record: keccak256 of its EIP-712 struct hash. The type hash keeps it apart from every other
 * leaf, the second hash from every inner node.
 */
export function recordLeaf({ recordDigest, sourceDigest, licence, contributor }: DatasetRecord): Uint8Array {
  return keccak256(
    recordEncoder.rewind().digest(recordDigest).digest(sourceDigest).digest(licence).address(contributor).hash(),
  )
}

/** The Merkle leaf of a contributor's share, 32 bytes. */
export function contributorLeaf({ contributor, records }: ContributorShare): Uint8Array {
  return keccak256(shareEncoder.rewind().address(contributor).uint(records).hash())
}
