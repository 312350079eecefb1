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

export interface Question {
  readonly id: number
  readonly request: InferHead
  readonly input: Uint8Array
}

/** The stream that carries the call. */
export interface CallCarrier {
  readonly channel: FrameChannel
  readonly clock: Clock
  readonly maxOutputBytes: number
  /** Once, when the call has its result. */
  onEnd(call: ClientCall, error?: unknown): void
}

const NO_BYTES = new Uint8Array(0)

/** One call on the asking side. What only a large or abortable call needs is made when it is needed. */
export class ClientCall {
  readonly question: Question
  readonly startedMs: number
  readonly result: Promise<InferAnswer>
  readonly #options: InferOptions
  readonly #carrier: CallCarrier
  #resolve!: (answer: InferAnswer) => void
  #reject!: (error: unknown) => void
  #receiver: PayloadReceiver | undefined
  #sender: PayloadSender | undefined
  #onAbort: (() => void) | undefined
  #stopDeadline: (() => void) | undefined
  #ended = false

  constructor(question: Question, options: InferOptions, carrier: CallCarrier) {
    this.question = question
    this.startedMs = carrier.clock.monotonicMs()
    this.#options = options
    this.#carrier = carrier
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  start(): void {
    const { id, request, input } = this.question
    const { channel, clock } = this.#carrier
    const { signal } = this.#options
    const inline = input.length <= INFER_PROTOCOL.maxInlineBytes
    const body = { ...request, inputLength: input.length, input: inline ? input : NO_BYTES }
    this.#send({ call: id, kind: 'request', body })
    this.#stopDeadline = clock.schedule(request.deadline - clock.nowMs(), () => this.#expire())
    if (signal !== undefined) {
      this.#onAbort = () => this.cancel(signal.reason)
      signal.addEventListener('abort', this.#onAbort, { once: true })
    }
    if (inline) return
    this.#sender = new PayloadSender({ call: id, payload: input }, channel)
    this.#sender.start()
  }

  /** Throws when the peer runs ahead of its credit or beyond the bound. */
  push(chunk: Uint8Array): void {
    if (this.#ended) return
    this.#receiver ??= this.#createReceiver()
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
    if (output !== undefined && this.#receiver !== undefined) {
      throw new WitanError('MESSAGE_MALFORMED', 'An answer came in chunks and whole')
    }
    if (output !== undefined && this.#options.onChunk !== undefined) void this.#deliver(this.#options.onChunk, output)
    this.#end(undefined, { output: output ?? this.#receiver?.bytes() ?? NO_BYTES, closing: { timing, receipt } })
  }

  /** The peer or the connection failed. */
  fail(error: unknown): void {
    this.#end(error)
  }

  /** Nobody wants the answer any more: the peer is told to stop. */
  cancel(reason: unknown): void {
    if (this.#ended) return
    this.#send({ call: this.question.id, kind: 'cancel', body: {} })
    this.#end(reason)
  }

  #send(frame: InferFrame): void {
    this.#carrier.channel.send(encodeInferFrame(frame))
  }

  #createReceiver(): PayloadReceiver {
    const { id } = this.question
    return new PayloadReceiver({
      maxBytes: this.#carrier.maxOutputBytes,
      grant: (bytes) => this.#send({ call: id, kind: 'credit', body: { bytes } }),
    })
  }

  async #deliver(onChunk: NonNullable<InferOptions['onChunk']>, chunk: Uint8Array): Promise<void> {
    try {
      await onChunk(chunk)
      if (!this.#ended) this.#receiver?.consume(chunk.length)
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
    if (this.#onAbort !== undefined) this.#options.signal?.removeEventListener('abort', this.#onAbort)
    if (result === undefined) this.#reject(error)
    else this.#resolve(result)
    this.#carrier.onEnd(this, error)
  }
}
