import {
  type Address,
  bytesToHex,
  checkReceipt,
  type Domain,
  type Hex,
  type ReceiptVerifier,
  type RequestIdentity,
  requestDigest,
  requestIdentityOf,
  type SignedReceipt,
  type SignedVoucher,
  type Timing,
  WitanError,
  ZERO_DIGEST,
} from '@witan/protocol'
import type { Clock, Random } from '@witan/runtime'
import type { InferClient } from './infer-client.js'

/** A question to one miner. */
export interface MinerQuestion {
  readonly miner: Address
  /** Where it may be found. */
  readonly multiaddrs: readonly string[]
  readonly netuid: number
  readonly modelVersion: Hex
  /** Digest of the policy that the answer follows; none when absent. */
  readonly policy?: Hex
  readonly input: Uint8Array
  /** How long the miner may take; at most ten minutes. */
  readonly timeoutMs: number
  readonly signal?: AbortSignal
  /** A request of this consumer to this miner that is sent again, with the same input. */
  readonly again?: RequestIdentity | undefined
  /** Hears of a receipt that the miner signed for this request, also of one that does not fit it: that is evidence. */
  readonly onSigned?: ((request: RequestIdentity, signed: SignedReceipt) => void) | undefined
  /** What the answer may cost, and the voucher that pays it; free of charge when absent. */
  readonly payment?: { readonly price: bigint; readonly voucher: SignedVoucher }
}

/** An answer whose receipt holds: signed by the miner asked, for this request, this version and this output. */
export interface VerifiedAnswer {
  readonly requestDigest: Hex
  readonly request: RequestIdentity
  readonly output: Uint8Array
  readonly timing: Timing
  readonly receipt: SignedReceipt
  /** From the sending of the request to the end of the answer, on this side's clock. */
  readonly latencyMs: number
}

export interface AskMinerModules {
  readonly client: Pick<InferClient, 'infer'>
  /** Operator address of this host. */
  readonly consumer: Address
  readonly domain: Domain
  readonly verifier: ReceiptVerifier
  readonly clock: Clock
  readonly random: Random
}

const NO_SAMPLING = new Uint8Array(0)

/**
 * Asks a miner and checks what it signed. Throws what `InferClient.infer` throws, `RECEIPT_PROOF_INVALID`,
 * `RECEIPT_SIGNATURE_INVALID`, `RECEIPT_SIGNER_MISMATCH`, `RECEIPT_MISMATCH`, or `REQUEST_NOT_THE_SAME` before asking again.
 */
export async function askMiner(question: MinerQuestion, modules: AskMinerModules): Promise<VerifiedAnswer> {
  const {
    miner,
    multiaddrs,
    netuid,
    modelVersion,
    policy = ZERO_DIGEST,
    input,
    timeoutMs,
    signal,
    payment,
    again,
    onSigned,
  } = question
  const { client, consumer, domain, verifier, clock, random } = modules
  const head = {
    nonce: again?.nonce ?? bytesToHex(random.bytes(32)),
    netuid,
    modelVersion,
    policy,
    deadline: again?.deadline ?? clock.nowMs() + timeoutMs,
    sampling: NO_SAMPLING,
    maxPrice: payment?.price ?? 0n,
    ...(payment !== undefined && { voucher: payment.voucher }),
  }
  const request = requestIdentityOf({ consumer, miner }, head, input)
  const digest = requestDigest(domain, request)
  if (again !== undefined && requestDigest(domain, again) !== digest) throw notTheSame(again, request)
  const startedMs = clock.monotonicMs()
  const peer = { operator: miner, multiaddrs }
  const { output, closing } = await client.infer(peer, head, input, signal === undefined ? {} : { signal })
  const latencyMs = clock.monotonicMs() - startedMs
  const signer = verifier.verify(closing.receipt)
  if (signer !== miner) {
    throw new WitanError('RECEIPT_SIGNER_MISMATCH', 'A receipt is not signed by the miner that was asked', {
      facts: { miner, signer },
    })
  }
  const { receipt } = closing.receipt
  if (receipt.requestDigest === digest) onSigned?.(request, closing.receipt)
  checkReceipt(receipt, { ...head, requestDigest: digest }, output)
  return { requestDigest: digest, request, output, timing: closing.timing, receipt: closing.receipt, latencyMs }
}

function notTheSame(kept: RequestIdentity, request: RequestIdentity): WitanError {
  const fields = Object.keys(kept) as (keyof RequestIdentity)[]
  const field = fields.find((name) => kept[name] !== request[name])!
  return new WitanError('REQUEST_NOT_THE_SAME', 'A request that is sent again must be the same', {
    facts: { field, kept: kept[field], now: request[field] },
  })
}
