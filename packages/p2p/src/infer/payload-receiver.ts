import { INFER_PROTOCOL, WitanError } from '@witan/protocol'

const { creditWindowBytes, creditGrantBytes } = INFER_PROTOCOL

export interface PayloadReceiverOptions {
  readonly maxBytes: number
  /** Tells the sender that it may send `bytes` more. */
  grant(bytes: number): void
}

/** Gathers one payload; holds the sender to the credit it was given and grants more as bytes are consumed. */
export class PayloadReceiver {
  readonly #options: PayloadReceiverOptions
  readonly #chunks: Uint8Array[] = []
  #received = 0
  #consumed = 0
  #granted: number = creditWindowBytes

  constructor(options: PayloadReceiverOptions) {
    this.#options = options
  }

  get received(): number {
    return this.#received
  }

  /** Throws `MESSAGE_MALFORMED` beyond the credit, `MESSAGE_TOO_LARGE` beyond the bound. */
  push(chunk: Uint8Array): void {
    const bytes = this.#received + chunk.length
    if (bytes > this.#options.maxBytes) {
      const facts = { bytes, maxBytes: this.#options.maxBytes }
      throw new WitanError('MESSAGE_TOO_LARGE', 'A payload is longer than announced or allowed', { facts })
    }
    if (bytes > this.#granted) {
      const facts = { bytes, granted: this.#granted }
      throw new WitanError('MESSAGE_MALFORMED', 'A payload runs ahead of its credit', { facts })
    }
    this.#received = bytes
    this.#chunks.push(chunk)
  }

  /** `bytes` of what was received have been used and no longer weigh on the window. */
  consume(bytes: number): void {
    this.#consumed += bytes
    const due = Math.min(this.#consumed + creditWindowBytes, this.#options.maxBytes) - this.#granted
    const isRest = this.#granted + due === this.#options.maxBytes
    if (due <= 0 || (due < creditGrantBytes && !isRest)) return
    this.#granted += due
    this.#options.grant(due)
  }

  /** The whole payload; a payload of one chunk is not copied. */
  bytes(): Uint8Array {
    const [only] = this.#chunks
    if (this.#chunks.length <= 1) return only ?? new Uint8Array(0)
    return Buffer.concat(this.#chunks, this.#received)
  }
}
