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
} from '@witan/protocol'
import type { Clock, Random } from '@witan/runtime'
import type { InferAnswer, InferHead, MinerTarget, ValidatorNetwork } from '../validator-network.js'
import type { Challenge } from './make-challenge.js'

export interface JudgeOptions {
  readonly netuid: number
  readonly operator: Address
  readonly domain: Domain
  readonly modelVersion: Hex
  /** Digest of the policy that the request is under; zero for none. */
  readonly policy: Hex
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
  /** What the id is the digest of: with it the receipt is evidence for anybody. */
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
 * nothing and is a failure. Where the policy refuses the input, refusing is correct and a signed answer is wrong. Rejects only with the signal's reason or a bug.
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
  const request = requestIdentityOf(parties, head, challenge.input)
  const requestId = requestDigest(options.domain, request)
  const asked = { requestId, request }
  const sentMs = clock.monotonicMs()
  const elapsedMs = () => clock.monotonicMs() - sentMs

  let answer: InferAnswer
  try {
    answer = await network.infer(miner, head, challenge.input, signal)
  } catch (error) {
    signal.throwIfAborted()
    if (!isWitanError(error)) throw error
    const latencyMs = elapsedMs()
    if (challenge.expects.kind === 'refusal' && error.code === 'POLICY_REFUSED') {
      return { ...asked, result: 'correct', latencyMs }
    }
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
    refusalOf(() => checkAnswer(challenge, answer.output))
  if (wrong !== undefined) return { ...asked, result: 'wrong', latencyMs, error: wrong, receipt }
  return { ...asked, result: 'correct', latencyMs, receipt }
}

function headOf({ netuid, modelVersion, policy }: JudgeOptions, deadline: number, nonce: Hex): InferHead {
  return { nonce, netuid, modelVersion, policy, deadline, sampling: NO_BYTES, maxPrice: 0n }
}

function checkSigner(signer: Address, miner: Address): void {
  if (signer === miner) return
  throw new WitanError('RECEIPT_SIGNER_MISMATCH', 'A receipt is not signed by the miner that was asked', {
    facts: { miner, signer },
  })
}

function checkAnswer({ expects }: Challenge, output: Uint8Array): void {
  if (expects.kind === 'refusal') {
    throw new WitanError('POLICY_BROKEN', 'The miner signed an answer that the policy forbids')
  }
  if (expects.isRight(output)) return
  throw new WitanError('ANSWER_WRONG', 'The miner signed another answer than that of the registered model')
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
