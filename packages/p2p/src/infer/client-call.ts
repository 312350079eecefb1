import { type Closing, encodeInferFrame, INFER_PROTOCOL, type InferFrame, WitanError } from '@witan/protocol'
import type { Clock } from '@witan/runtime'
import type { FrameChannel } from '../framing/frame-channel.js'
import type { InferAnswer, InferHead } from './infer-answer.js'
import { PayloadReceiver } from './payload-receiver.js'
import { PayloadSender } from './payload-sender.js'

export interface InferOptions {
  readonly signal?: AbortSignal
  /** Is given the output as it arrives. The miner is held back while it is at work: return a promise to be slow. */
  onChunk?(chunk: Uint8Array): void | Promise<void>
}

export interface ClientCallOptions extends InferOptions {
  readonly id: number
  readonly request: InferHead
  readonly input: Uint8Array
  readonly maxOutputBytes: number
}

export interface ClientCallModules {
  readonly channel: FrameChannel
  readonly clock: Clock
  /** Once, when the call has its result. */
  onEnd(call: ClientCall, error?: unknown): void
}

const NO_BYTES = new Uint8Array(0)

/** One call on the asking side. */
export class ClientCall {
  readonly id: number
  readonly result: Promise<InferAnswer>
  readonly #options: ClientCallOptions
  readonly #modules: ClientCallModules
  readonly #receiver: PayloadReceiver
  #sender: PayloadSender | undefined
  readonly #settle: PromiseWithResolvers<InferAnswer>
  readonly #onAbort = () => this.cancel(this.#options.signal?.reason)
  #stopDeadline: (() => void) | undefined
  #ended = false

  constructor(options: ClientCallOptions, modules: ClientCallModules) {
    this.id = options.id
    this.#options = options
    this.#modules = modules
    this.#settle = Promise.withResolvers<InferAnswer>()
    this.result = this.#settle.promise
    this.#receiver = new PayloadReceiver({
      maxBytes: options.maxOutputBytes,
      grant: (bytes) => this.#send({ call: options.id, kind: 'credit', body: { bytes } }),
    })
  }

  start(): void {
    const { signal, request, input, id } = this.#options
    const { channel, clock } = this.#modules
    const inline = input.length <= INFER_PROTOCOL.maxInlineBytes
    const body = { ...request, inputLength: input.length, input: inline ? input : NO_BYTES }
    this.#send({ call: id, kind: 'request', body })
    this.#stopDeadline = clock.schedule(request.deadline - clock.nowMs(), () => this.#expire())
    signal?.addEventListener('abort', this.#onAbort, { once: true })
    if (inline) return
    this.#sender = new PayloadSender({ call: id, payload: input }, channel)
    this.#sender.start()
  }

  /** Throws when the peer runs ahead of its credit or beyond the bound. */
  push(chunk: Uint8Array): void {
    if (this.#ended) return
    this.#receiver.push(chunk)
    const { onChunk } = this.#options
    if (onChunk === undefined) this.#receiver.consume(chunk.length)
    else void this.#deliver(onChunk, chunk)
  }

  grant(bytes: number): void {
    this.#sender?.grant(bytes)
  }

  /** The answer is complete; it holds the whole output when no chunks came before. */
  close({ output, timing, receipt }: Closing): void {
    if (output !== undefined && this.#receiver.received > 0) {
      throw new WitanError('MESSAGE_MALFORMED', 'An answer came in chunks and whole')
    }
    if (output !== undefined && output.length > 0) this.push(output)
    this.#end(undefined, { output: this.#receiver.bytes(), closing: { timing, receipt } })
  }

  /** The peer or the connection failed. */
  fail(error: unknown): void {
    this.#end(error)
  }

  /** Nobody wants the answer any more: the peer is told to stop. */
  cancel(reason: unknown): void {
    if (this.#ended) return
    this.#send({ call: this.id, kind: 'cancel', body: {} })
    this.#end(reason)
  }

  #send(frame: InferFrame): void {
    this.#modules.channel.send(encodeInferFrame(frame))
  }

  async #deliver(onChunk: NonNullable<InferOptions['onChunk']>, chunk: Uint8Array): Promise<void> {
    try {
      await onChunk(chunk)
      if (!this.#ended) this.#receiver.consume(chunk.length)
    } catch (error) {
      this.cancel(error)
    }
  }

  #expire(): void {
    this.cancel(new WitanError('DEADLINE_EXCEEDED', 'The peer did not answer before the deadline'))
  }

  #end(error: unknown, result?: InferAnswer): void {
    if (this.#ended) return
    this.#ended = true
    this.#stopDeadline?.()
    this.#sender?.cancel()
    this.#options.signal?.removeEventListener('abort', this.#onAbort)
    if (result === undefined) this.#settle.reject(error)
    else this.#settle.resolve(result)
    this.#modules.onEnd(this, error)
  }
}
