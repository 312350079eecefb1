import type { Address, Hex } from '../bytes/hex.js'
import type { Domain } from '../eip712/domain.js'
import { type RequestIdentity, requestDigest } from '../eip712/request-digest.js'
import { isWitanError, type WitanError } from '../errors/witan-error.js'
import { INFER_PROTOCOL } from '../limits.js'
import type { SignedReceipt } from '../receipts/receipt.js'
import { createReceiptVerifier } from '../receipts/receipt-verifier.js'

/** What a receipt, or two, prove about the node that a request was made to; the court judges by the same rule. */
export type Fault = {
  /** Of the request. */
  readonly requestDigest: Hex
  readonly nodeId: bigint
  readonly request: RequestIdentity
  readonly first: SignedReceipt
} & (
  | { readonly kind: 'two-answers'; readonly second: SignedReceipt }
  | { readonly kind: 'other-terms'; readonly second?: undefined }
)

export interface FaultRules {
  readonly domain: Domain
  /** How a key stands to nodes: the node that it serves or served, 0n without one, and when it was replaced, 0 while it serves. */
  keyRecord(operator: Address): { readonly nodeId: bigint; readonly retiredAt: number }
  /** Unix seconds. */
  readonly nowSeconds: number
  /** For how long stake is liable. */
  readonly unbondingSeconds: number
}

export interface FoundFaults {
  /** One a request at most. */
  readonly faults: readonly Fault[]
  /** Receipts whose proof or signature is wrong, with `RECEIPT_PROOF_INVALID` or `RECEIPT_SIGNATURE_INVALID`. */
  readonly forged: readonly { readonly receipt: SignedReceipt; readonly error: WitanError }[]
  /** Faults over which the court will judge later: nobody can have taken the request yet. */
  readonly ahead: number
}

interface Case {
  readonly request: RequestIdentity
  readonly nodeId: bigint
  readonly receipts: SignedReceipt[]
}

const MAX_AHEAD_SECONDS = INFER_PROTOCOL.maxDeadlineMs / 1000

/**
 * The faults that these receipts prove, in the order of their requests. A request without a receipt, and a receipt without
 * its request, prove nothing. The date of a fault is that of its request: what a receipt says of its own time is ignored.
 */
export function findFaults(
  receipts: readonly SignedReceipt[],
  requests: readonly RequestIdentity[],
  rules: FaultRules,
): FoundFaults {
  const cases = casesOf(requests, rules)
  const verifier = createReceiptVerifier(rules.domain)
  const forged: { receipt: SignedReceipt; error: WitanError }[] = []
  for (const receipt of receipts) {
    const open = cases.get(receipt.receipt.requestDigest)
    if (open === undefined) continue
    try {
      if (answersFor(verifier.verify(receipt), open, rules)) open.receipts.push(receipt)
    } catch (error) {
      if (!isWitanError(error)) throw error
      forged.push({ receipt, error })
    }
  }
  const proven = [...cases].flatMap(([digest, open]) => faultOf(digest, open) ?? [])
  const faults = proven.filter(({ request }) => faultAt(request) <= rules.nowSeconds)
  return { faults, forged, ahead: proven.length - faults.length }
}

/** Unix seconds: nobody takes the request before, so stake that left earlier is not liable. */
export function faultAt({ deadline }: Pick<RequestIdentity, 'deadline'>): number {
  return Math.max(0, Math.floor(deadline / 1000) - MAX_AHEAD_SECONDS)
}

function casesOf(requests: readonly RequestIdentity[], rules: FaultRules): Map<Hex, Case> {
  const oldest = Math.max(0, rules.nowSeconds - rules.unbondingSeconds)
  const cases = new Map<Hex, Case>()
  for (const request of requests) {
    const { nodeId } = rules.keyRecord(request.miner)
    if (nodeId === 0n || Math.floor(request.deadline / 1000) < oldest) continue
    cases.set(requestDigest(rules.domain, request), { request, nodeId, receipts: [] })
  }
  return cases
}

/** A key of the node, also a former one for what was asked in its time. */
function answersFor(signer: Address, { nodeId, request }: Case, { keyRecord }: FaultRules): boolean {
  const key = keyRecord(signer)
  return key.nodeId === nodeId && (key.retiredAt === 0 || key.retiredAt >= faultAt(request))
}

function faultOf(digest: Hex, { request, nodeId, receipts }: Case): Fault | undefined {
  const about = { requestDigest: digest, nodeId, request }
  const [first] = receipts
  if (first === undefined) return undefined
  const second = receipts.find(({ receipt }) => receipt.responseDigest !== first.receipt.responseDigest)
  if (second !== undefined) return { kind: 'two-answers', ...about, first, second }
  const other = receipts.find(
    ({ receipt }) => receipt.modelVersion !== request.modelVersion || receipt.policy !== request.policy,
  )
  return other && { kind: 'other-terms', ...about, first: other }
}
