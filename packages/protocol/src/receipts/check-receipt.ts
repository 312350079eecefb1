import type { Hex } from '../bytes/hex.js'
import { keccak256Hex } from '../crypto/keccak256.js'
import { type ErrorFact, WitanError } from '../errors/witan-error.js'
import type { Receipt } from './receipt.js'

/** What the requester asked for. */
export interface ReceiptExpectation {
  /** The request id. */
  readonly requestDigest: Hex
  readonly modelVersion: Hex
  readonly policy: Hex
  /** Wei. */
  readonly maxPrice: bigint
}

/**
 * Holds a receipt against the request it answers and the output that arrived. Throws `RECEIPT_MISMATCH` with the field.
 * The signature is `verifyReceipt`'s part.
 */
export function checkReceipt(receipt: Receipt, request: ReceiptExpectation, output: Uint8Array): void {
  same('requestDigest', receipt.requestDigest, request.requestDigest)
  same('modelVersion', receipt.modelVersion, request.modelVersion)
  same('policy', receipt.policy, request.policy)
  same('responseDigest', receipt.responseDigest, keccak256Hex(output))
  if (receipt.price > request.maxPrice) throw mismatch('price', receipt.price, `at most ${request.maxPrice}`)
  if (receipt.finishedAt < receipt.startedAt) {
    throw mismatch('finishedAt', receipt.finishedAt, `at least ${receipt.startedAt}`)
  }
}

function same(field: keyof Receipt, actual: Hex, expected: Hex): void {
  if (actual !== expected) throw mismatch(field, actual, expected)
}

function mismatch(field: keyof Receipt, actual: ErrorFact, expected: ErrorFact): WitanError {
  return new WitanError('RECEIPT_MISMATCH', `${field} of a receipt does not fit its request or answer`, {
    facts: { field, actual, expected },
  })
}
