import { type Address, bytesToHex, hexToBytes } from '../bytes/hex.js'
import { keccak256 } from '../crypto/keccak256.js'
import { recoverAddress, SIGNATURE_BYTES } from '../crypto/signature.js'
import type { Domain } from '../eip712/domain.js'
import { isWitanError, WitanError } from '../errors/witan-error.js'
import { maxProofLength, rootOfProof } from './merkle-tree.js'
import {
  MAX_BATCH_RECEIPTS,
  type ReceiptBatch,
  receiptBatchDigest,
  receiptStructHash,
  type SignedReceipt,
} from './receipt.js'

export interface ReceiptVerifier {
  /**
   * The operator address that signed the batch in which the receipt is. The caller compares it with the miner it asked.
   * Throws `RECEIPT_PROOF_INVALID` or `RECEIPT_SIGNATURE_INVALID`.
   */
  verify(signed: SignedReceipt): Address
}

/** About 100 KiB; the receipts of one batch arrive close together. */
const DEFAULT_REMEMBERED_BATCHES = 256

/** A verifier that recovers the signature of a batch once, however many of its receipts it sees. */
export function createReceiptVerifier(
  domain: Domain,
  { rememberedBatches = DEFAULT_REMEMBERED_BATCHES }: { rememberedBatches?: number } = {},
): ReceiptVerifier {
  const signers = new Map<string, Address>()
  return {
    verify(signed) {
      checkProof(signed)
      const { root, count, signature } = signed.batch
      const key = `${root}${count}${signature}`
      const known = signers.get(key)
      if (known !== undefined) return known
      const signer = recoverSigner(domain, signed.batch)
      signers.set(key, signer)
      if (signers.size > rememberedBatches) signers.delete(signers.keys().next().value!)
      return signer
    },
  }
}

/** The operator address that signed a receipt. Errors as `ReceiptVerifier.verify`. */
export function verifyReceipt(signed: SignedReceipt, domain: Domain): Address {
  checkProof(signed)
  return recoverSigner(domain, signed.batch)
}

function checkProof({ receipt, proof, batch }: SignedReceipt): void {
  if (!Number.isInteger(batch.count) || batch.count < 1 || batch.count > MAX_BATCH_RECEIPTS) {
    throw proofInvalid('A batch has too few or too many receipts', { count: batch.count, limit: MAX_BATCH_RECEIPTS })
  }
  const longest = maxProofLength(batch.count)
  if (proof.length > longest) {
    throw proofInvalid('A proof is longer than its batch allows', { siblings: proof.length, limit: longest })
  }
  const siblings = proof.map((sibling) => hexToBytes(sibling, 32))
  const root = bytesToHex(rootOfProof(keccak256(receiptStructHash(receipt)), siblings))
  if (root !== batch.root) throw proofInvalid('A receipt is not in its batch', { computed: root, signed: batch.root })
}

function recoverSigner(domain: Domain, { root, count, signature }: ReceiptBatch): Address {
  try {
    const digest = receiptBatchDigest(domain, hexToBytes(root, 32), count)
    return recoverAddress(digest, hexToBytes(signature, SIGNATURE_BYTES))
  } catch (cause) {
    if (!isWitanError(cause)) throw cause
    throw new WitanError('RECEIPT_SIGNATURE_INVALID', 'The signature of a receipt batch is invalid', {
      facts: { root, reason: cause.message },
      cause,
    })
  }
}

function proofInvalid(message: string, facts: Record<string, string | number>): WitanError {
  return new WitanError('RECEIPT_PROOF_INVALID', message, { facts })
}
