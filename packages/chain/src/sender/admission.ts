import { type Hex, keccak256Hex, type Signer, WitanError } from '@witan/protocol'
import { type Clock, createLimiter } from '@witan/runtime'
import { callName, type Intent } from '../intent.js'
import type { Rpc } from '../rpc/rpc.js'
import { broadcast } from './broadcast.js'
import { estimateGas, submissionError } from './estimate.js'
import { quoteFees } from './fees.js'
import type { Journal, JournaledTransaction } from './journal.js'
import { signTransaction } from './sign-transaction.js'

export interface AdmissionOptions {
  readonly chainId: number
  readonly maxFeePerGasWei: bigint | undefined
}

export interface AdmissionModules {
  readonly journal: Journal
  readonly signer: Signer
  readonly rpc: Rpc
  readonly clock: Clock
  /** An endpoint took the transaction. */
  readonly onSent: (id: number) => void
}

/** Turns an intent into a journaled, broadcast transaction: once for each idempotence key. */
export type Admit = (intent: Intent, idempotenceKey: string, signal?: AbortSignal) => Promise<JournaledTransaction>

interface Admission {
  readonly digest: Hex
  readonly result: Promise<JournaledTransaction>
  readonly signal: AbortSignal | undefined
}

export function createAdmission({ chainId, maxFeePerGasWei }: AdmissionOptions, modules: AdmissionModules): Admit {
  const { journal, signer, rpc, clock, onSent } = modules
  const oneAtATime = createLimiter({ concurrency: 1, queue: Number.MAX_SAFE_INTEGER })
  const underway = new Map<string, Admission>()

  /** Only here are nonces given: one transaction at a time, after its gas estimate, together with its journal entry. */
  const assignNonce = async (intent: Intent, idempotenceKey: string, intentDigest: Hex, gasLimit: number) => {
    const [fees, count] = await Promise.all([
      quoteFees(rpc, maxFeePerGasWei),
      rpc.request<string>('eth_getTransactionCount', [signer.address, 'latest']),
    ])
    const nonce = Math.max(Number(count), journal.highestNonce() + 1)
    const signed = signTransaction(intent, { chainId, nonce, gasLimit, ...fees }, signer)
    const nowMs = clock.nowMs()
    const { description } = intent
    const transaction = journal.add(
      { idempotenceKey, intentDigest, description, nonce, createdAtMs: nowMs },
      { ...signed, ...fees, gasLimit, signedAtMs: nowMs },
    )
    const outcome = await broadcast(rpc, signed.raw)
    if (outcome.kind === 'refused' && !(await isKnown(rpc, signed.hash))) {
      journal.remove(transaction.id)
      throw submissionError(outcome.error, signer.address, callName(intent))
    }
    if (outcome.kind === 'accepted') onSent(transaction.id)
    return transaction
  }

  const admit = async (intent: Intent, key: string, digest: Hex, signal?: AbortSignal) => {
    const gasLimit = await estimateGas(rpc, signer.address, intent, signal)
    return oneAtATime.run(() => assignNonce(intent, key, digest, gasLimit), signal)
  }

  const admitOnce: Admit = async (intent, idempotenceKey, signal) => {
    const digest = digestOf(intent)
    const journaled = journal.find(idempotenceKey)
    if (journaled !== undefined) {
      requireSame(journaled.intentDigest, digest, idempotenceKey)
      return journaled
    }
    const running = underway.get(idempotenceKey)
    if (running !== undefined) {
      requireSame(running.digest, digest, idempotenceKey)
      return running.result.catch((error: unknown) => {
        // The caller that began gave up: its reason is not this caller's.
        if (running.signal?.aborted && !signal?.aborted) return admitOnce(intent, idempotenceKey, signal)
        throw error
      })
    }
    const result = admit(intent, idempotenceKey, digest, signal)
    underway.set(idempotenceKey, { digest, result, signal })
    try {
      return await result
    } finally {
      underway.delete(idempotenceKey)
    }
  }
  return admitOnce
}

function digestOf({ to, data, valueWei }: Intent): Hex {
  return keccak256Hex(new TextEncoder().encode(`${to}:${data}:${valueWei}`))
}

function requireSame(digest: string, expected: Hex, idempotenceKey: string): void {
  if (digest === expected) return
  throw new WitanError('IDEMPOTENCE_KEY_REUSED', 'The key stands for another transaction', {
    facts: { idempotenceKey },
  })
}

/** A refusal may follow a first answer that was lost on the way: then the endpoint knows the transaction. */
async function isKnown(rpc: Rpc, hash: Hex): Promise<boolean> {
  try {
    return (await rpc.request('eth_getTransactionByHash', [hash])) !== null
  } catch {
    return true
  }
}
