import {
  type Address,
  bytesToHex,
  checkReceipt,
  type Domain,
  type Hex,
  isWitanError,
  type OutcomeResult,
  type ReceiptVerifier,
  type RequestIdentity,
  requestDigest,
  requestIdentityOf,
  type SignedReceipt,
  WitanError,
  ZERO_DIGEST,
} from '@witan/protocol'
import type { Clock, Random } from '@witan/runtime'
import type { InferAnswer, InferHead, MinerTarget, ValidatorNetwork } from '../validator-network.js'
import { type Challenge, textOf } from './make-challenge.js'

export interface JudgeOptions {
  readonly netuid: number
  readonly operator: Address
  readonly domain: Domain
  readonly modelVersion: Hex
  /** How long a miner may take, milliseconds. */
  readonly answerMs: number
}

export interface JudgeModules {
  readonly network: Pick<ValidatorNetwork, 'infer'>
  readonly verifier: ReceiptVerifier
  readonly clock: Pick<Clock, 'nowMs' | 'monotonicMs'>
  readonly random: Random
}

/** What became of one challenge. */
export interface Verdict {
  readonly requestId: Hex
  /** What the id is the digest of. */
  readonly request: RequestIdentity
  readonly result: OutcomeResult
  readonly latencyMs: number
  /** Why it is not correct. */
  readonly error?: WitanError
  /** Present when the miner signed it for this request. */
  readonly receipt?: SignedReceipt
}

const NONCE_BYTES = 32
const NO_BYTES = new Uint8Array(0)
/** The miner's own timer may end before ours. */
const PART_OF_DEADLINE = 0.9

/**
 * Asks a miner and judges its answer. `wrong` is what its signature proves; an answer without a valid signature proves
 * nothing and is a failure. Rejects only with the signal's reason or a bug.
 */
export async function judgeMiner(
  miner: MinerTarget,
  challenge: Challenge,
  options: JudgeOptions,
  modules: JudgeModules,
  signal: AbortSignal,
): Promise<Verdict> {
  const { network, verifier, clock, random } = modules
  const head = headOf(options, clock.nowMs() + options.answerMs, bytesToHex(random.bytes(NONCE_BYTES)))
  const parties = { consumer: options.operator, miner: miner.operator }
  const request = requestIdentityOf(parties, head, challenge.image)
  const requestId = requestDigest(options.domain, request)
  const asked = { requestId, request }
  const sentMs = clock.monotonicMs()
  const elapsedMs = () => clock.monotonicMs() - sentMs

  let answer: InferAnswer
  try {
    answer = await network.infer(miner, head, challenge.image, signal)
  } catch (error) {
    signal.throwIfAborted()
    if (!isWitanError(error)) throw error
    const latencyMs = elapsedMs()
    // Whoever refuses at once with the code of a late answer has had no reason to.
    const isLate = error.code === 'DEADLINE_EXCEEDED' && latencyMs >= options.answerMs * PART_OF_DEADLINE
    return { ...asked, result: isLate ? 'late' : 'failed', latencyMs, error }
  }
  const latencyMs = elapsedMs()
  const { receipt } = answer.closing
  const unsigned = refusalOf(() => checkSigner(verifier.verify(receipt), miner.operator))
  if (unsigned !== undefined) return { ...asked, result: 'failed', latencyMs, error: unsigned }
  const wrong =
    refusalOf(() => checkReceipt(receipt.receipt, { ...head, requestDigest: requestId }, answer.output)) ??
    refusalOf(() => checkText(textOf(answer.output), challenge.sentence))
  if (wrong !== undefined) return { ...asked, result: 'wrong', latencyMs, error: wrong, receipt }
  return { ...asked, result: 'correct', latencyMs, receipt }
}

function headOf({ netuid, modelVersion }: JudgeOptions, deadline: number, nonce: Hex): InferHead {
  return { nonce, netuid, modelVersion, policy: ZERO_DIGEST, deadline, sampling: NO_BYTES, maxPrice: 0n }
}

function checkSigner(signer: Address, miner: Address): void {
  if (signer === miner) return
  throw new WitanError('RECEIPT_SIGNER_MISMATCH', 'A receipt is not signed by the miner that was asked', {
    facts: { miner, signer },
  })
}

function checkText(actual: string, expected: string): void {
  if (actual === expected) return
  throw new WitanError('ANSWER_WRONG', 'The miner signed another text than the one in the picture')
}

function refusalOf(check: () => void): WitanError | undefined {
  try {
    check()
    return undefined
  } catch (error) {
    if (isWitanError(error)) return error
    throw error
  }
}
