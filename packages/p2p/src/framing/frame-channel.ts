import type { Stream } from '@libp2p/interface'
import { FrameReader } from './frame-reader.js'
import { type FrameSource, FrameWriter } from './frame-writer.js'
import { segmentsOf } from './segments.js'

export interface FrameChannelOptions {
  readonly maxFrameBytes: number
  /** Queued answers above which nothing more is read: a peer that asks must also listen. */
  readonly pauseAboveBytes: number
}

export interface FrameChannelEvents {
  /** May throw: the peer broke the protocol, and the stream is reset. */
  onFrame(frame: Uint8Array): void
  /** Once, when the stream has ended for whatever reason; `fault` is what the peer did wrong. */
  onClose(fault?: unknown): void
}

/** Frames in both directions over one long-lived stream. */
export class FrameChannel {
  readonly #stream: Stream
  readonly #pauseAboveBytes: number
  readonly #reader: FrameReader
  readonly #writer: FrameWriter
  readonly #events: FrameChannelEvents
  #closed = false
  #resuming = false

  constructor(stream: Stream, { maxFrameBytes, pauseAboveBytes }: FrameChannelOptions, events: FrameChannelEvents) {
    this.#stream = stream
    this.#pauseAboveBytes = pauseAboveBytes
    this.#events = events
    this.#reader = new FrameReader({ maxFrameBytes }, (frame) => {
      if (!this.#closed) events.onFrame(frame)
    })
    this.#writer = new FrameWriter(stream, {
      onError: () => this.#end(),
      onIdle: () => queueMicrotask(() => this.#resume()),
    })
    stream.addEventListener('close', () => this.#end())
    // A peer that closes its side sends no more; nothing here is ever answered to a half-closed stream.
    stream.addEventListener('remoteCloseWrite', () => this.close())
    stream.addEventListener('message', ({ data }) => this.#receive(data))
    // Events that came before this are not repeated.
    if (stream.status !== 'open' || stream.remoteWriteStatus === 'closed') queueMicrotask(() => this.close())
  }

  get closed(): boolean {
    return this.#closed
  }

  send(frame: Uint8Array): void {
    if (this.#closed) return
    this.#writer.send(frame)
    if (!this.#resuming) this.#pauseIfFull()
  }

  offer(source: FrameSource): void {
    if (!this.#closed) this.#writer.offer(source)
  }

  /** Ends the stream in order: what is queued is still sent, sources left aside. */
  close(): void {
    if (this.#closed) return
    this.#writer.flush()
    this.#end()
    this.#stream.close().catch((error) => this.#stream.abort(error))
  }

  /** Cuts the stream off, on this side and on the other. */
  reset(fault: unknown): void {
    if (this.#closed) return
    this.#end(fault)
    this.#stream.abort(fault instanceof Error ? fault : new Error('stream reset'))
  }

  #receive(data: Parameters<typeof segmentsOf>[0]): void {
    try {
      for (const segment of segmentsOf(data)) {
        if (this.#closed) return
        this.#reader.push(segment)
      }
    } catch (error) {
      this.reset(error)
    }
  }

  #pauseIfFull(): void {
    if (this.#writer.queuedBytes > this.#pauseAboveBytes && this.#stream.readStatus === 'readable') this.#stream.pause()
  }

  /**
   * The stream hands over what it holds before it tells the peer to go on, and would do so even if it was paused again
   * meanwhile: so a pause waits until it has.
   */
  #resume(): void {
    if (this.#closed || this.#stream.readStatus !== 'paused') return
    this.#resuming = true
    this.#stream.resume()
    this.#resuming = false
    if (!this.#closed) this.#pauseIfFull()
  }

  #end(fault?: unknown): void {
    if (this.#closed) return
    this.#closed = true
    this.#writer.close()
    this.#events.onClose(fault)
  }
}
