import {
  type Domain,
  MAX_BATCH_RECEIPTS,
  type Receipt,
  type SignedReceipt,
  type Signer,
  signReceiptBatch,
} from '@witan/protocol'

export interface ReceiptSignerOptions {
  readonly domain: Domain
}

export interface ReceiptSignerModules {
  /** The operator key. */
  readonly signer: Signer
  /**
   * Writes the batch down before it is signed, in one go: a receipt may only leave this machine when its request id is
   * known to be answered. Synchronous, so that nothing comes between the two. What it throws reaches everybody who waits
   * for this batch, and nothing is signed.
   */
  beforeSign(receipts: readonly Receipt[]): void
}

export interface ReceiptSigner {
  /** Signs together with whatever else is due in this turn of the event loop. */
  sign(receipt: Receipt): Promise<SignedReceipt>
}

/** A signature costs 75 µs and a journal write more: one of each serves all answers that are ready at the same time. */
export function createReceiptSigner(options: ReceiptSignerOptions, modules: ReceiptSignerModules): ReceiptSigner {
  return new BatchingReceiptSigner(options, modules)
}

interface Waiting {
  readonly receipt: Receipt
  readonly resolve: (signed: SignedReceipt) => void
  readonly reject: (error: unknown) => void
}

class BatchingReceiptSigner implements ReceiptSigner {
  readonly #domain: Domain
  readonly #modules: ReceiptSignerModules
  #waiting: Waiting[] = []
  #scheduled = false

  constructor({ domain }: ReceiptSignerOptions, modules: ReceiptSignerModules) {
    this.#domain = domain
    this.#modules = modules
  }

  sign(receipt: Receipt): Promise<SignedReceipt> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ receipt, resolve, reject })
      this.#schedule()
    })
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      const due = this.#waiting
      this.#waiting = []
      for (let start = 0; start < due.length; start += MAX_BATCH_RECEIPTS) {
        this.#signBatch(due.slice(start, start + MAX_BATCH_RECEIPTS))
      }
    })
  }

  #signBatch(batch: readonly Waiting[]): void {
    const receipts = batch.map(({ receipt }) => receipt)
    try {
      this.#modules.beforeSign(receipts)
      const signed = signReceiptBatch(receipts, this.#modules.signer, this.#domain)
      for (const [index, { resolve }] of batch.entries()) resolve(signed[index]!)
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
  }
}
