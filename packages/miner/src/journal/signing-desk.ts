import type { Hex, Receipt, SignedReceipt } from '@witan/protocol'
import type { ReceiptSigner } from '../receipt-signer.js'
import type { AnswerJournal, JournaledAnswer } from './answer-journal.js'

/** Makes the signer of receipts; it calls `beforeSign` with each batch before it signs it. */
export type OpenReceiptSigner = (beforeSign: (receipts: readonly Receipt[]) => void) => Pick<ReceiptSigner, 'sign'>

export interface SigningDesk {
  /** Journals the answer, then signs its receipt. */
  sign(answer: JournaledAnswer): Promise<SignedReceipt>
}

/** Ties the journal to the signer: nothing is signed before it is on disk, at the price of one write a batch. */
export function createSigningDesk(journal: Pick<AnswerJournal, 'record'>, openSigner: OpenReceiptSigner): SigningDesk {
  const waiting = new Map<Hex, JournaledAnswer>()
  const signer = openSigner((receipts) => {
    journal.record(receipts.map(({ requestDigest }) => answerOf(waiting, requestDigest)))
  })
  return {
    async sign(answer) {
      waiting.set(answer.requestId, answer)
      try {
        return await signer.sign(answer.receipt)
      } finally {
        waiting.delete(answer.requestId)
      }
    },
  }
}

function answerOf(waiting: ReadonlyMap<Hex, JournaledAnswer>, requestId: Hex): JournaledAnswer {
  const answer = waiting.get(requestId)
  if (answer === undefined) throw new Error(`the signer was not asked to sign ${requestId}`)
  return answer
}
