import { isWitanError, type Signer } from '@witan/protocol'
import type { Rpc } from '../rpc/rpc.js'
import { feeUnderCap, lowerCap } from './cost-cap.js'
import { estimateCall } from './estimate.js'
import { callCeiling, cancellationFees, climb, type FeeLadder, LEAST_RAISE_PERCENT, underLimit } from './fee-ladder.js'
import type { Quote } from './fees.js'
import type { Attempt, SignedIntent } from './journal.js'
import { isPassing } from './refusal.js'
import { resignTransaction, signTransaction, valueIn } from './sign-transaction.js'

export interface ReplacementOptions {
  readonly chainId: number
  readonly ladder: FeeLadder
  readonly maxFeePerGasWei: bigint | undefined
  readonly maxCostWei: bigint | undefined
}

/** Gas of a transfer to an account without code; an endpoint may know better. */
const TRANSFER_GAS = 21_000

/** Makes the next signed version of a transaction. */
export function createReplacement(options: ReplacementOptions, signer: Signer) {
  const { chainId, ladder, maxFeePerGasWei, maxCostWei } = options
  const nothing = { to: signer.address, data: '0x', valueWei: 0n } as const

  const transferGas = async (rpc: Rpc): Promise<number> => {
    try {
      return await estimateCall(rpc, signer.address, nothing, 'cancellation')
    } catch (error) {
      if (!isWitanError(error) || isPassing(error)) throw error
      return TRANSFER_GAS
    }
  }

  return {
    /** Whether the last version has stood for as long as the ladder says. */
    isDue: (last: Attempt, nowMs: number) => nowMs - last.signedAtMs >= ladder.intervalMs,

    /** The same call for more, or undefined where ladder, limit or cap end. */
    raised(intent: SignedIntent, attempts: readonly Attempt[], quote: Quote, nowMs: number): Attempt | undefined {
      const last = attempts.at(-1)!
      const call = attempts.findLast(({ kind }) => kind === 'call')
      if (call === undefined) return undefined
      const cap = lowerCap(intent.maxCostWei, maxCostWei)
      // The journal has emptied what to sign where the call was mined before.
      const cost = { valueWei: valueIn(call.raw), gasLimit: call.gasLimit }
      // Over its cancellation it is told as mined and will not be cancelled again: one step, whatever the ladder has left.
      const isRestored = last.kind === 'cancel'
      const limits = [isRestored ? maxFeePerGasWei : callCeiling(maxFeePerGasWei), cap && feeUnderCap(cost, cap)]
      const ceilingWei = limits.reduce(lowerCap)
      const place = isRestored
        ? { step: 0, stepsPercent: [LEAST_RAISE_PERCENT] }
        : { ...ladder, step: attempts.length - 1 }
      const fees = climb({ ...place, last, quoted: quote, ceilingWei })
      return fees && { ...call, ...fees, ...resignTransaction(call.raw, fees, signer), signedAtMs: nowMs }
    },

    /**
     * A transfer of nothing to oneself at the nonce, for more than the last version. Undefined once it was raised as often
     * as the ladder has steps, unless the chain asks for more: a chain that stands still would have it offer everything.
     */
    async cancellation(
      rpc: Rpc,
      nonce: number,
      attempts: readonly Attempt[],
      quote: Quote,
      nowMs: number,
    ): Promise<Attempt | undefined> {
      const last = attempts.at(-1)!
      const raises = attempts.filter(({ kind }) => kind === 'cancel').length - 1
      if (raises >= ladder.stepsPercent.length && quote.maxFeeWei <= last.maxFeeWei) return undefined
      const gasLimit = last.kind === 'cancel' ? last.gasLimit : await transferGas(rpc)
      const fees = cancellationFees(last, quote, maxFeePerGasWei)
      const signed = signTransaction(nothing, { chainId, nonce, gasLimit, ...fees }, signer)
      return { ...signed, ...fees, kind: 'cancel', gasLimit, signedAtMs: nowMs }
    },

    /** A transfer of nothing to oneself at a nonce that nothing is known of. */
    async filler(rpc: Rpc, nonce: number, quote: Quote, nowMs: number): Promise<Attempt> {
      const gasLimit = await transferGas(rpc)
      const { maxFeeWei, priorityFeeWei } = quote
      const fees = underLimit({ maxFeeWei, priorityFeeWei }, maxFeePerGasWei)
      return {
        ...signTransaction(nothing, { chainId, nonce, gasLimit, ...fees }, signer),
        ...fees,
        kind: 'call',
        gasLimit,
        signedAtMs: nowMs,
      }
    },
  }
}

export type Replacement = ReturnType<typeof createReplacement>
