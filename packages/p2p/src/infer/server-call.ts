import type { Address, InferRequest } from '@witan/protocol'
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
  readonly #receiver: PayloadReceiver
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
    this.#receiver = new PayloadReceiver({ maxBytes: options.request.inputLength, grant: options.grant })
  }

  /** Made when a handler first asks for it: most small calls end without. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    if (this.#abortReason !== undefined) this.#controller.abort(this.#abortReason)
    return this.#controller.signal
  }

  get input(): Uint8Array {
    return this.#receiver.bytes()
  }

  /** True once the whole input is there. */
  get complete(): boolean {
    return this.#receiver.received === this.request.inputLength
  }

  push(chunk: Uint8Array): void {
    this.#receiver.push(chunk)
    this.#receiver.consume(chunk.length)
  }

  abort(reason: unknown): void {
    this.#abortReason = reason
    this.sender?.cancel()
    this.#controller?.abort(reason)
  }
}
