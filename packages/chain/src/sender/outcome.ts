import { type Address, isWitanError, WitanError } from '@witan/protocol'
import type { Clock } from '@witan/runtime'
import type { ContractName } from '../abi/events.js'
import type { Rpc } from '../rpc/rpc.js'
import type { Admission } from './admission.js'
import type { Journal, JournaledIntent } from './journal.js'
import { fetchReceipt, type RpcReceipt, resultOf, revertReason, type TransactionResult } from './receipt.js'
import { readRefusal } from './refusal.js'
import type { Waiting } from './waiting.js'

export interface OutcomeOptions {
  readonly address: Address
  readonly pollMs: number
}

export interface OutcomeModules {
  readonly journal: Journal
  readonly admission: Admission
  readonly waiting: Waiting
  readonly rpc: Rpc
  readonly clock: Clock
  readonly contracts: ReadonlyMap<Address, ContractName>
}

/** Waits until an intent has ended; resolves with its result or rejects with what ended it. */
export function createOutcome({ address, pollMs }: OutcomeOptions, modules: OutcomeModules) {
  const { journal, admission, waiting, rpc, clock, contracts } = modules

  const receiptOf = async ({ hash }: JournaledIntent, signal: AbortSignal): Promise<RpcReceipt | null> => {
    try {
      return await fetchReceipt(rpc, hash!, signal)
    } catch (error) {
      if (isWitanError(error, 'RPC_UNAVAILABLE')) return null
      throw error
    }
  }

  return async (id: number, signal: AbortSignal): Promise<TransactionResult> => {
    for (;;) {
      signal.throwIfAborted()
      const intent = journal.get(id)
      if (intent === undefined) throw new Error(`the journal lost intent ${id}`)
      switch (intent.state) {
        case 'conflict':
          throw conflictOf(address, intent)
        case 'expired':
          throw expiredOf(intent)
        case 'refused':
          throw readRefusal(intent.refusal)
        case 'queued':
          await abortable(admission.admit(id), signal)
          // Signed or not: what happens next wakes.
          if (journal.get(id)?.state === 'queued') await waiting.wait(id, signal)
          break
        case 'pending':
        case 'closing':
          await waiting.wait(id, signal)
          break
        default: {
          const receipt = await receiptOf(intent, signal)
          if (receipt?.status === '0x0') throw await revertReason(rpc, receipt, intent.call)
          if (receipt !== null) return resultOf(receipt, contracts)
          // Its block is gone, which the monitor notices, or nobody answers.
          await clock.sleep(pollMs, signal)
        }
      }
    }
  }
}

function conflictOf(sender: Address, { nonce }: JournaledIntent): WitanError {
  return new WitanError('TRANSACTION_CONFLICT', 'Another transaction of this key was mined at its nonce', {
    facts: { sender, nonce: nonce ?? -1 },
  })
}

function expiredOf({ call, nonce, deadlineAtMs }: JournaledIntent): WitanError {
  return new WitanError('TRANSACTION_EXPIRED', 'The deadline of the transaction passed before it was mined', {
    facts: { call, deadline: new Date(deadlineAtMs).toISOString(), ...(nonce !== null && { cancelledAtNonce: nonce }) },
  })
}

/** The work goes on when one who waits for it gives up. */
function abortable(work: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}
