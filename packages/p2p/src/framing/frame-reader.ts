import { WitanError } from '@witan/protocol'
import { MAX_PREFIX_BYTES } from './varint.js'

export interface FrameReaderOptions {
  /** Longest frame accepted; a longer one is refused by its prefix, before any of it is stored. */
  readonly maxFrameBytes: number
}

/**
 * Cuts a byte stream into length-prefixed frames. A frame that lies whole in one segment is handed on as a view of it;
 * one that spans segments is gathered with a single copy into a buffer of its exact size.
 */
export class FrameReader {
  readonly #maxFrameBytes: number
  readonly #onFrame: (frame: Uint8Array) => void
  #prefix = 0
  #prefixBytes = 0
  #partial: Uint8Array | undefined
  #filled = 0

  constructor({ maxFrameBytes }: FrameReaderOptions, onFrame: (frame: Uint8Array) => void) {
    this.#maxFrameBytes = maxFrameBytes
    this.#onFrame = onFrame
  }

  /** True between two frames. */
  get idle(): boolean {
    return this.#partial === undefined && this.#prefixBytes === 0
  }

  /** Throws `MESSAGE_MALFORMED` or `MESSAGE_TOO_LARGE`; the reader is then of no further use. */
  push(segment: Uint8Array): void {
    let offset = 0
    while (offset < segment.length) {
      if (this.#partial !== undefined) {
        offset = this.#fill(this.#partial, segment, offset)
        continue
      }
      const byte = segment[offset++]!
      this.#prefix |= (byte & 0x7f) << (7 * this.#prefixBytes++)
      if (byte < 0x80) offset = this.#begin(segment, offset)
      else if (this.#prefixBytes === MAX_PREFIX_BYTES) throw malformed('The length prefix of a frame is too long')
    }
  }

  #begin(segment: Uint8Array, offset: number): number {
    const length = this.#prefix
    this.#prefix = 0
    this.#prefixBytes = 0
    if (length > this.#maxFrameBytes) {
      throw new WitanError('MESSAGE_TOO_LARGE', 'A frame is longer than the protocol allows', {
        facts: { bytes: length, maxBytes: this.#maxFrameBytes },
      })
    }
    const end = offset + length
    if (end <= segment.length) {
      this.#onFrame(segment.subarray(offset, end))
      return end
    }
    this.#partial = new Uint8Array(length)
    this.#filled = 0
    return this.#fill(this.#partial, segment, offset)
  }

  #fill(partial: Uint8Array, segment: Uint8Array, offset: number): number {
    const end = Math.min(segment.length, offset + partial.length - this.#filled)
    partial.set(segment.subarray(offset, end), this.#filled)
    this.#filled += end - offset
    if (this.#filled === partial.length) {
      this.#partial = undefined
      this.#onFrame(partial)
    }
    return end
  }
}

function malformed(message: string): WitanError {
  return new WitanError('MESSAGE_MALFORMED', message)
}
