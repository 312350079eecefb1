import { type Address, bytesToHex, type Hex, hexToBytes } from '../bytes/hex.js'
import { recoverAddress, SIGNATURE_BYTES } from '../crypto/signature.js'
import type { Signer } from '../crypto/signer.js'
import { type AddressRecord, announcementDigest, recordDigest } from '../eip712/announcement.js'
import type { Domain } from '../eip712/domain.js'
import { isWitanError, WitanError } from '../errors/witan-error.js'

/** An address record as peers hand it on; the signature is the one that `Subnets.announce` takes. */
export interface SignedRecord extends AddressRecord {
  /** 65 bytes: r, s, v. */
  readonly signature: Hex
}

/** What a record is held against. */
export interface RecordExpectation {
  readonly operator: Address
  /** Unix seconds. */
  readonly nowSeconds: number
  /** The digest on chain; not compared when absent. */
  readonly digest?: Hex
}

export function signRecord(record: AddressRecord, signer: Signer, domain: Domain): SignedRecord {
  const { multiaddrs, seq, expiry } = record
  return { multiaddrs, seq, expiry, signature: bytesToHex(signer.signDigest(announcementDigest(domain, record))) }
}

/** The operator that signed a record. Throws `RECORD_SIGNER_MISMATCH` for a signature that nobody made. */
export function recordOperator(record: SignedRecord, domain: Domain): Address {
  try {
    return recoverAddress(announcementDigest(domain, record), hexToBytes(record.signature, SIGNATURE_BYTES))
  } catch (cause) {
    if (!isWitanError(cause)) throw cause
    throw new WitanError('RECORD_SIGNER_MISMATCH', 'The signature of an address record is invalid', {
      facts: { seq: record.seq, reason: cause.message },
      cause,
    })
  }
}

/** Throws `RECORD_EXPIRED`, `RECORD_DIGEST_MISMATCH` or `RECORD_SIGNER_MISMATCH`; the cheap checks come first. */
export function verifyRecord(record: SignedRecord, expected: RecordExpectation, domain: Domain): void {
  const { operator, nowSeconds, digest } = expected
  if (record.expiry <= nowSeconds) {
    throw new WitanError('RECORD_EXPIRED', 'An address record is expired', {
      facts: { operator, expiry: record.expiry, now: nowSeconds },
    })
  }
  const computed = bytesToHex(recordDigest(record))
  if (digest !== undefined && computed !== digest) {
    throw new WitanError('RECORD_DIGEST_MISMATCH', 'An address record is not the one on chain', {
      facts: { operator, seq: record.seq, computed, onChain: digest },
    })
  }
  const signer = recordOperator(record, domain)
  if (signer !== operator) {
    throw new WitanError('RECORD_SIGNER_MISMATCH', 'An address record is signed by another key', {
      facts: { operator, signer },
    })
  }
}
