import type { Hex, Signer } from '@witan/protocol'
import { type Clock, createLimiter, type Logger } from '@witan/runtime'
import { fromQuantity, type Rpc, withSignal } from '../rpc/rpc.js'
import { broadcast } from './broadcast.js'
import { lowerCap, requireWithinCap } from './cost-cap.js'
import { estimateCall, submissionError } from './estimate.js'
import { callCeiling } from './fee-ladder.js'
import { capFees, gasLimitOf, quoteFees } from './fees.js'
import type { Journal, JournaledIntent } from './journal.js'
import { MAX_ESTIMATES, MAX_NONCE_TRIES } from './limits.js'
import { type NonceUse, whoUsedNonce } from './nonce-evidence.js'
import { fetchReceipt } from './receipt.js'
import { isPassing, writeRefusal } from './refusal.js'
import { signTransaction } from './sign-transaction.js'

export interface AdmissionOptions {
  readonly chainId: number
  readonly maxFeePerGasWei: bigint | undefined
  readonly maxCostWei: bigint | undefined
}

export interface AdmissionModules {
  readonly journal: Journal
  readonly signer: Signer
  readonly rpc: Rpc
  readonly clock: Clock
  readonly logger: Logger
  /** An endpoint took the transaction. */
  readonly onSent: (id: number) => void
  /** The intent left the queue, or could not and stays. */
  readonly onChanged: (id: number) => void
  readonly onRefused: () => void
}

/** Takes queued intents to the chain: each is estimated, given a nonce, journaled signed, and broadcast. */
export interface Admission {
  /** Works on a queued intent unless that is under way. Rejects with what refuses it; ends where it must stay queued. */
  admit(id: number): Promise<void>
  /** Whether it works on the intent: until it has heard of a broadcast, it may take the signature back. */
  isAdmitting(id: number): boolean
  start(): void
  /** Ends what is under way; unsigned intents stay queued. */
  stop(): Promise<void>
}

export function createAdmission(options: AdmissionOptions, modules: AdmissionModules): Admission {
  const { chainId, maxFeePerGasWei } = options
  const { journal, signer, clock, logger, onSent, onChanged, onRefused } = modules
  const oneAtATime = createLimiter({ concurrency: 1, queue: Number.MAX_SAFE_INTEGER })
  const estimates = createLimiter({ concurrency: MAX_ESTIMATES, queue: Number.MAX_SAFE_INTEGER })
  const underway = new Map<number, Promise<void>>()
  let lifetime: AbortController | undefined
  /** Nonces below it were found used by others. */
  let floor = 0

  const nextNonce = async (rpc: Rpc): Promise<number> => {
    const known = Math.max(journal.highestNonce() + 1, floor)
    const [countHex, headHex] = await Promise.all([
      rpc.request<string>('eth_getTransactionCount', [signer.address, 'latest']),
      rpc.request<string>('eth_blockNumber', []),
    ])
    const count = Number(fromQuantity('eth_getTransactionCount', countHex))
    if (count <= known || known === 0) return Math.max(count, known)
    // The journal knows of no such transactions: another process sent them, or the endpoint is wrong.
    const use = await whoUsedNonce(rpc, signer.address, count - 1, Number(headHex))
    return use.kind === 'unused' ? known : count
  }

  /** Whether a nonce that an endpoint calls used belongs to another transaction, as a block shows. */
  const isTakenByAnother = async (rpc: Rpc, nonce: number, hash: Hex): Promise<boolean> => {
    if ((await fetchReceipt(rpc, hash)) !== null) return false
    const head = Number(await rpc.request<string>('eth_blockNumber', []))
    const use: NonceUse = await whoUsedNonce(rpc, signer.address, nonce, head)
    return use.kind === 'used' && use.hash !== hash
  }

  /** True when the intent has its nonce; false when that was another's and the next one must be tried. */
  const signAndSend = async (rpc: Rpc, intent: JournaledIntent, gasLimit: number): Promise<boolean> => {
    const [quote, nonce] = await Promise.all([quoteFees(rpc), nextNonce(rpc)])
    const fees = capFees(quote, callCeiling(maxFeePerGasWei))
    const cap = lowerCap(intent.maxCostWei, options.maxCostWei)
    requireWithinCap({ call: intent.call, valueWei: intent.valueWei, gasLimit, maxFeeWei: fees.maxFeeWei }, cap)
    const signed = signTransaction(intent, { chainId, nonce, gasLimit, ...fees }, signer)
    const attempt = { ...signed, ...fees, kind: 'call', gasLimit, signedAtMs: clock.nowMs() } as const
    // Meanwhile it may have been withdrawn, or its deadline may have passed.
    if (!journal.sign(intent.id, nonce, attempt)) return true
    const outcome = await broadcast(rpc, signed.raw)
    if (outcome.kind === 'accepted') onSent(intent.id)
    if (outcome.kind === 'used' && (await isTakenByAnother(rpc, nonce, signed.hash))) {
      if (!journal.release(intent.id)) return true
      floor = Math.max(floor, nonce + 1)
      logger.warn({ nonce }, 'the nonce is used by another transaction of the key, taking the next one')
      return false
    }
    if (outcome.kind === 'refused' && !(await isKnown(rpc, signed.hash)) && journal.release(intent.id)) {
      throw submissionError(outcome.error, signer.address, intent.call)
    }
    return true
  }

  const assign = async (rpc: Rpc, id: number, gasLimit: number) => {
    for (let tries = 0; tries < MAX_NONCE_TRIES; tries++) {
      const intent = journal.get(id)
      if (intent?.state !== 'queued') return
      if (await signAndSend(rpc, intent, gasLimit)) return
    }
  }

  const work = async (id: number, signal: AbortSignal) => {
    const rpc = withSignal(modules.rpc, signal)
    try {
      const intent = journal.get(id)
      if (intent === undefined) return
      const gas = await estimates.run(() => estimateCall(rpc, signer.address, intent, intent.call), signal)
      // Only here are nonces given: one intent at a time, together with its journal entry.
      await oneAtATime.run(() => assign(rpc, id, gasLimitOf(intent, gas)), signal)
    } catch (error) {
      if (signal.aborted || isPassing(error)) return
      if (!journal.refuse(id, writeRefusal(error))) {
        // Signed is signed: the monitor goes on with it.
        logger.warn({ err: error }, 'a signed transaction could not be followed at once')
        return
      }
      onRefused()
      throw error
    } finally {
      underway.delete(id)
      onChanged(id)
    }
  }

  return {
    admit(id) {
      const running = underway.get(id)
      if (running !== undefined) return running
      if (lifetime === undefined) return Promise.resolve()
      const begun = work(id, lifetime.signal)
      underway.set(id, begun)
      return begun
    },
    isAdmitting: (id) => underway.has(id),
    start() {
      lifetime = new AbortController()
    },
    async stop() {
      lifetime?.abort(new DOMException('The sender was stopped', 'AbortError'))
      lifetime = undefined
      await Promise.allSettled(underway.values())
    },
  }
}

/** A refusal may follow a first answer that was lost on the way: then the endpoint knows the transaction. */
async function isKnown(rpc: Rpc, hash: Hex): Promise<boolean> {
  try {
    return (await rpc.request('eth_getTransactionByHash', [hash])) !== null
  } catch {
    return true
  }
}
