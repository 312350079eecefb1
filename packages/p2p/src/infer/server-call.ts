import { type Address, type InferRequest, WitanError } from '@witan/protocol'
import { PayloadReceiver } from './payload-receiver.js'
import type { PayloadSender } from './payload-sender.js'

/** What a handler is given: who asks, for what, and when to stop. */
export interface InferCall {
  /** The authenticated peer. */
  readonly operator: Address
  readonly request: InferRequest
  /** The whole input, however it travelled. */
  readonly input: Uint8Array
  /** When the request arrived, unix milliseconds. */
  readonly arrivedAtMs: number
  /** Aborts when the peer cancels or disconnects, when the deadline passes and when the server stops. */
  readonly signal: AbortSignal
}

export interface ServerCallOptions {
  readonly id: number
  readonly operator: Address
  readonly request: InferRequest
  /** Unix milliseconds. */
  readonly arrivedAtMs: number
  /** Of the monotonic clock. */
  readonly startedMs: number
  grant(bytes: number): void
}

/** One call from its request to the last byte of its answer. */
export class ServerCall implements InferCall {
  readonly id: number
  readonly operator: Address
  readonly request: InferRequest
  readonly arrivedAtMs: number
  readonly startedMs: number
  readonly #grant: (bytes: number) => void
  #receiver: PayloadReceiver | undefined
  #input: Uint8Array | undefined
  #controller: AbortController | undefined
  #abortReason: unknown
  /** Payload bytes this call holds in memory. */
  heldBytes: number
  sender: PayloadSender | undefined
  stopDeadline: (() => void) | undefined
  ended = false

  constructor(options: ServerCallOptions) {
    this.id = options.id
    this.operator = options.operator
    this.request = options.request
    this.startedMs = options.startedMs
    this.arrivedAtMs = options.arrivedAtMs
    this.heldBytes = options.request.inputLength
    this.#grant = options.grant
    if (options.request.input.length === options.request.inputLength) this.#input = options.request.input
  }

  /** Made when a handler first asks for it: most small calls end without. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    if (this.#abortReason !== undefined) this.#controller.abort(this.#abortReason)
    return this.#controller.signal
  }

  get input(): Uint8Array {
    if (this.#input === undefined) throw new Error('the input is not complete yet')
    return this.#input
  }

  /** True once the whole input is there. */
  get complete(): boolean {
    return this.#input !== undefined
  }

  /** Throws when the peer sends more than it announced or was granted. */
  push(chunk: Uint8Array): void {
    const { inputLength } = this.request
    if (this.#input !== undefined) throw new WitanError('MESSAGE_TOO_LARGE', 'An input is longer than announced')
    this.#receiver ??= new PayloadReceiver({ maxBytes: inputLength, grant: this.#grant })
    this.#receiver.push(chunk)
    this.#receiver.consume(chunk.length)
    if (this.#receiver.received === inputLength) this.#input = this.#receiver.bytes()
  }

  abort(reason: unknown): void {
    this.#abortReason = reason
    this.sender?.cancel()
    this.#controller?.abort(reason)
  }
}
