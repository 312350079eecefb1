import { Uint8ArrayList } from 'uint8arraylist'
import { prefixSize, writePrefix } from './varint.js'

/** One frame, as the pieces that follow each other on the wire. */
export type FrameParts = readonly Uint8Array[]

/** A large payload cut into frames on demand, so that no more of it is queued than the peer takes. */
export interface FrameSource {
  /** The next frame, or nothing for now; a source that has more later offers itself again. */
  next(): FrameParts | undefined
}

/** The part of a libp2p stream that writing needs. */
export interface WritableStream {
  send(data: Uint8Array | Uint8ArrayList): boolean
  addEventListener(type: 'drain', listener: () => void): void
}

/** Bytes handed to the stream in one send: four chunks, so that a small frame never waits behind more than that. */
const FLUSH_BYTES = 256 * 1024

/** Pieces up to this size are copied together: encryption costs more for each piece than the copy of it. */
const COPY_BYTES = 2048

/**
 * Sends everything that is due in one turn of the event loop as one write: each write is encrypted and framed by itself,
 * and small ones would cost fourteen times as much. Small frames go first; sources take turns, one frame each.
 */
export class FrameWriter {
  readonly #stream: WritableStream
  readonly #onError: (error: unknown) => void
  readonly #onDrain: () => void
  #frames: FrameParts[] = []
  #queuedBytes = 0
  #sources: FrameSource[] = []
  #scheduled = false
  #blocked = false
  #closed = false

  constructor(stream: WritableStream, { onError, onDrain }: { onError(error: unknown): void; onDrain(): void }) {
    this.#stream = stream
    this.#onError = onError
    this.#onDrain = onDrain
    stream.addEventListener('drain', () => {
      this.#blocked = false
      this.#schedule()
    })
  }

  /** Bytes of frames accepted and not yet handed to the stream, sources left aside. */
  get queuedBytes(): number {
    return this.#queuedBytes
  }

  send(frame: FrameParts): void {
    this.#frames.push(frame)
    this.#queuedBytes += sizeOf(frame)
    this.#schedule()
  }

  /** Puts a source in line; it must not be in line already. */
  offer(source: FrameSource): void {
    this.#sources.push(source)
    this.#schedule()
  }

  /** Forgets what is queued and sends no more. */
  close(): void {
    this.#closed = true
    this.#frames = []
    this.#sources = []
    this.#queuedBytes = 0
  }

  #schedule(): void {
    if (this.#scheduled || this.#blocked || this.#closed) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      this.#flush()
    })
  }

  #flush(): void {
    if (this.#closed || this.#blocked) return
    const batch = this.#takeBatch()
    if (batch.length === 0) return
    try {
      this.#blocked = !this.#stream.send(join(batch))
    } catch (error) {
      this.close()
      this.#onError(error)
      return
    }
    if (this.#frames.length > 0 || this.#sources.length > 0) this.#schedule()
    else this.#onDrain()
  }

  #takeBatch(): FrameParts[] {
    const batch: FrameParts[] = []
    let bytes = 0
    let taken = 0
    while (taken < this.#frames.length && bytes < FLUSH_BYTES) {
      const frame = this.#frames[taken++]!
      batch.push(frame)
      bytes += sizeOf(frame)
    }
    this.#frames = taken === this.#frames.length ? [] : this.#frames.slice(taken)
    this.#queuedBytes -= bytes
    while (this.#sources.length > 0 && bytes < FLUSH_BYTES) {
      const source = this.#sources.shift()!
      const frame = source.next()
      if (frame === undefined) continue
      batch.push(frame)
      bytes += sizeOf(frame)
      this.#sources.push(source)
    }
    return batch
  }
}

function sizeOf(frame: FrameParts): number {
  let bytes = 0
  for (const part of frame) bytes += part.length
  return bytes
}

/** Prefixes every frame and joins small neighbours; large pieces are passed on as they are. */
function join(batch: readonly FrameParts[]): Uint8Array | Uint8ArrayList {
  const list = new Uint8ArrayList()
  let small: Uint8Array[] = []
  let smallBytes = 0
  const endSmall = () => {
    if (smallBytes > 0) list.append(Buffer.concat(small, smallBytes))
    small = []
    smallBytes = 0
  }
  for (const frame of batch) {
    const length = sizeOf(frame)
    const prefix = new Uint8Array(prefixSize(length))
    writePrefix(prefix, 0, length)
    small.push(prefix)
    smallBytes += prefix.length
    for (const part of frame) {
      if (part.length <= COPY_BYTES) {
        small.push(part)
        smallBytes += part.length
        continue
      }
      endSmall()
      list.append(part)
    }
  }
  endSmall()
  return list
}
