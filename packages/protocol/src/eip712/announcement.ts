import { keccak256 } from '../crypto/keccak256.js'
import { type Domain, typedDataDigest } from './domain.js'
import { typeEncoder } from './type-encoder.js'

/** Where a node can be reached, before it is signed. */
export interface AddressRecord {
  readonly multiaddrs: readonly string[]
  /** Only grows. */
  readonly seq: number
  /** Unix seconds. */
  readonly expiry: number
}

const recordEncoder = typeEncoder('AddressRecord(string[] multiaddrs,uint64 seq,uint64 expiry)')
const announcementEncoder = typeEncoder('Announcement(bytes32 recordDigest,uint64 seq,uint64 expiry)')

/** The digest that stands on chain: the EIP-712 struct hash of the record, 32 bytes. */
export function recordDigest(record: AddressRecord): Uint8Array {
  const hashes = record.multiaddrs.map((multiaddr) => keccak256(Buffer.from(multiaddr)))
  return recordEncoder
    .rewind()
    .bytes(keccak256(Buffer.concat(hashes)))
    .uint(record.seq)
    .uint(record.expiry)
    .hash()
}

/** What the operator signs: authorises `Subnets.announce` and authenticates the record between peers. 32 bytes. */
export function announcementDigest(domain: Domain, record: AddressRecord): Uint8Array {
  const structHash = announcementEncoder
    .rewind()
    .bytes(recordDigest(record))
    .uint(record.seq)
    .uint(record.expiry)
    .hash()
  return typedDataDigest(domain, structHash)
}
