import type { Signer } from '@witan/protocol'
import type { Rpc } from '../rpc/rpc.js'
import { RpcRejection } from '../rpc/rpc-rejection.js'
import { feeUnderCap, lowerCap } from './cost-cap.js'
import { estimateCall } from './estimate.js'
import { callCeiling, cancellationFees, climb, type FeeLadder } from './fee-ladder.js'
import type { Quote } from './fees.js'
import type { Attempt, SignedIntent } from './journal.js'
import { resignTransaction, signTransaction } from './sign-transaction.js'

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
      if (error instanceof RpcRejection) return TRANSFER_GAS
      throw error
    }
  }

  return {
    /** Whether the last version has stood for as long as the ladder says. */
    isDue: (last: Attempt, nowMs: number) => nowMs - last.signedAtMs >= ladder.intervalMs,

    /** The same call for more, or undefined where ladder, limit or cap end. */
    raised(intent: SignedIntent, attempts: readonly Attempt[], quote: Quote, nowMs: number): Attempt | undefined {
      const last = attempts.at(-1)!
      const cap = lowerCap(intent.maxCostWei, maxCostWei)
      const { valueWei } = intent
      const { gasLimit } = last
      const ceilings = [callCeiling(maxFeePerGasWei), cap && feeUnderCap({ valueWei, gasLimit }, cap)]
      const ceilingWei = ceilings.reduce(lowerCap)
      const { stepsPercent } = ladder
      const fees = climb({ last, quoted: quote, step: attempts.length - 1, stepsPercent, ceilingWei })
      return fees && { ...last, ...fees, ...resignTransaction(last.raw, fees, signer), signedAtMs: nowMs }
    },

    /** A transfer of nothing to oneself at the nonce, for more than the last version. */
    async cancellation(rpc: Rpc, nonce: number, last: Attempt, quote: Quote, nowMs: number): Promise<Attempt> {
      const gasLimit = last.kind === 'cancel' ? last.gasLimit : await transferGas(rpc)
      const fees = cancellationFees(last, quote, maxFeePerGasWei)
      const signed = signTransaction(nothing, { chainId, nonce, gasLimit, ...fees }, signer)
      return { ...signed, ...fees, kind: 'cancel', gasLimit, signedAtMs: nowMs }
    },

    /** A transfer of nothing to oneself at a nonce that nothing is known of. */
    async filler(rpc: Rpc, nonce: number, quote: Quote, nowMs: number): Promise<Attempt> {
      const gasLimit = await transferGas(rpc)
      const { maxFeeWei, priorityFeeWei } = quote
      const fees = { maxFeeWei, priorityFeeWei }
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
