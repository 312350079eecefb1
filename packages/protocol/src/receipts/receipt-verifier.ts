import { type Address, bytesToHex, type Hex, hexToBytes } from '../bytes/hex.js'
import { keccak256 } from '../crypto/keccak256.js'
import { recoverAddress, SIGNATURE_BYTES } from '../crypto/signature.js'
import type { Domain } from '../eip712/domain.js'
import { isWitanError, WitanError } from '../errors/witan-error.js'
import { hashPair, maxProofLength } from '../merkle/merkle-tree.js'
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

/** The step from a node of a batch's tree to its parent. */
interface Step {
  readonly sibling: Hex
  readonly parent: Hex
}

/** By node. */
type Steps = Map<Hex, Step>

interface KnownBatch {
  readonly root: Hex
  readonly count: number
  readonly signer: Address
  /** Receipts of one batch share most of their path to the root. */
  readonly steps: Steps
}

/** Some 20 KiB each for the sixty receipts of a busy moment, which arrive close together. */
const DEFAULT_REMEMBERED_BATCHES = 64

/** A verifier that recovers the signature of a batch once and hashes each node of its tree once. */
export function createReceiptVerifier(
  domain: Domain,
  { rememberedBatches = DEFAULT_REMEMBERED_BATCHES }: { rememberedBatches?: number } = {},
): ReceiptVerifier {
  const batches = new Map<Hex, KnownBatch>()
  return {
    verify(signed) {
      const { root, count, signature } = signed.batch
      const remembered = batches.get(signature)
      const known = remembered?.root === root && remembered.count === count ? remembered : undefined
      const steps = checkProof(signed, known?.steps ?? new Map())
      if (known !== undefined) return known.signer
      const signer = recoverSigner(domain, signed.batch)
      batches.set(signature, { root, count, signer, steps })
      if (batches.size > rememberedBatches) batches.delete(batches.keys().next().value!)
      return signer
    },
  }
}

/** The operator address that signed a receipt. Errors as `ReceiptVerifier.verify`. */
export function verifyReceipt(signed: SignedReceipt, domain: Domain): Address {
  checkProof(signed, new Map())
  return recoverSigner(domain, signed.batch)
}

/** Follows a proof to the root; steps in `known` lead there and are taken without hashing. New ones are added. */
function checkProof({ receipt, proof, batch }: SignedReceipt, known: Steps): Steps {
  if (!Number.isInteger(batch.count) || batch.count < 1 || batch.count > MAX_BATCH_RECEIPTS) {
    throw proofInvalid('A batch has too few or too many receipts', { count: batch.count, limit: MAX_BATCH_RECEIPTS })
  }
  const longest = maxProofLength(batch.count)
  if (proof.length > longest) {
    throw proofInvalid('A proof is longer than its batch allows', { siblings: proof.length, limit: longest })
  }
  const taken: [Hex, Step][] = []
  let node = bytesToHex(keccak256(receiptStructHash(receipt)))
  for (const sibling of proof) {
    let step = known.get(node)
    if (step?.sibling !== sibling) {
      step = { sibling, parent: bytesToHex(hashPair(hexToBytes(node, 32), hexToBytes(sibling, 32))) }
      taken.push([node, step])
    }
    node = step.parent
  }
  if (node !== batch.root) throw proofInvalid('A receipt is not in its batch', { computed: node, signed: batch.root })
  for (const [from, { sibling, parent }] of taken) {
    known.set(from, { sibling, parent })
    known.set(sibling, { sibling: from, parent })
  }
  return known
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
