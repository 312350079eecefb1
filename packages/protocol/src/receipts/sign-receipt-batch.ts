import { bytesToHex } from '../bytes/hex.js'
import { keccak256 } from '../crypto/keccak256.js'
import type { Signer } from '../crypto/signer.js'
import type { Domain } from '../eip712/domain.js'
import { MerkleTree } from '../merkle/merkle-tree.js'
import {
  MAX_BATCH_RECEIPTS,
  type Receipt,
  receiptBatchDigest,
  receiptStructHash,
  type SignedReceipt,
} from './receipt.js'

/**
 * One signature over all receipts. The results are in the order of `receipts` and share one batch object.
 * @param receipts 1 to `MAX_BATCH_RECEIPTS`; more or none is a bug and throws RangeError
 */
export function signReceiptBatch(receipts: readonly Receipt[], signer: Signer, domain: Domain): SignedReceipt[] {
  if (receipts.length > MAX_BATCH_RECEIPTS) throw new RangeError(`batch of ${receipts.length} receipts`)
  const tree = new MerkleTree(receipts.map((receipt) => keccak256(receiptStructHash(receipt))))
  const signature = signer.signDigest(receiptBatchDigest(domain, tree.root, receipts.length))
  const batch = { root: bytesToHex(tree.root), count: receipts.length, signature: bytesToHex(signature) }
  return receipts.map((receipt, index) => ({ receipt, proof: tree.proof(index).map(bytesToHex), batch }))
}
