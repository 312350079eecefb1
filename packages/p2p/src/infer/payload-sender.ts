import { encodeInferFrame, INFER_PROTOCOL, type InferFrame } from '@witan/protocol'
import type { FrameChannel } from '../framing/frame-channel.js'
import type { FrameSource } from '../framing/frame-writer.js'

export interface PayloadSenderOptions {
  readonly call: number
  readonly payload: Uint8Array
  /** Follows the last chunk. */
  readonly closing?: InferFrame
  readonly onSent?: () => void
}

/** Sends one payload in chunks, as fast as the receiver grants credit. */
export class PayloadSender implements FrameSource {
  readonly #options: PayloadSenderOptions
  readonly #channel: FrameChannel
  #offset = 0
  #credit: number = INFER_PROTOCOL.creditWindowBytes
  #inLine = false
  #ended = false

  constructor(options: PayloadSenderOptions, channel: FrameChannel) {
    this.#options = options
    this.#channel = channel
  }

  start(): void {
    this.#getInLine()
  }

  /** The receiver takes `bytes` more. */
  grant(bytes: number): void {
    this.#credit = Math.min(this.#credit + bytes, Number.MAX_SAFE_INTEGER)
    this.#getInLine()
  }

  cancel(): void {
    this.#ended = true
  }

  next(): Uint8Array | undefined {
    const { call, payload } = this.#options
    const left = payload.length - this.#offset
    if (this.#ended || (left > 0 && this.#credit === 0)) {
      this.#inLine = false
      return undefined
    }
    if (left === 0) return this.#finish()
    const size = Math.min(left, this.#credit, INFER_PROTOCOL.maxChunkBytes)
    const data = payload.subarray(this.#offset, this.#offset + size)
    this.#offset += size
    this.#credit -= size
    return encodeInferFrame({ call, kind: 'chunk', body: { data } })
  }

  #finish(): Uint8Array | undefined {
    const { closing, onSent } = this.#options
    this.#ended = true
    this.#inLine = false
    onSent?.()
    return closing && encodeInferFrame(closing)
  }

  #getInLine(): void {
    if (this.#inLine || this.#ended) return
    this.#inLine = true
    this.#channel.offer(this)
  }
}
