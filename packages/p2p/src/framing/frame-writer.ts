import { Uint8ArrayList } from 'uint8arraylist'
import { prefixSize, writePrefix } from './varint.js'

/** A large payload cut into frames on demand, so that no more of it is queued than the peer takes. */
export interface FrameSource {
  /** The next frame, or nothing for now; a source that has more later offers itself again. */
  next(): Uint8Array | undefined
}

/** The part of a libp2p stream that writing needs. */
export interface WritableStream {
  send(data: Uint8Array | Uint8ArrayList): boolean
  /** Bytes that the stream holds back because the peer takes no more. */
  readonly writeBufferLength: number
  /** The connection takes no more. */
  readonly writableNeedsDrain: boolean
  addEventListener(type: 'drain' | 'idle', listener: () => void): void
}

/** Bytes handed to the stream in one send: four chunks, so that a small frame never waits behind more than that. */
const FLUSH_BYTES = 256 * 1024

/**
 * Queued frames sent before the turn ends, so that the peer works on them while this side makes the next. Sixteen to
 * thirty small frames: a write costs as much as encoding four.
 */
const EARLY_BYTES = 12 * 1024

/** Pieces up to this size are copied together: encryption costs more for each piece than the copy of it. */
const COPY_BYTES = 2048

/**
 * Sends everything that is due in one turn of the event loop as one write: each write is encrypted and framed by itself,
 * and small ones would cost fourteen times as much. Small frames go first; sources take turns, one frame each.
 */
export class FrameWriter {
  readonly #stream: WritableStream
  readonly #onError: (error: unknown) => void
  readonly #onIdle: () => void
  #frames: Uint8Array[] = []
  #queuedBytes = 0
  #sources: FrameSource[] = []
  #scheduled = false
  #closed = false

  constructor(stream: WritableStream, { onError, onIdle }: { onError(error: unknown): void; onIdle(): void }) {
    this.#stream = stream
    this.#onError = onError
    this.#onIdle = onIdle
    // A stream may say that it drains because its connection did, and still wait for its own window; so these are only
    // occasions to look again.
    const onRoom = () => {
      if (this.#frames.length > 0 || this.#sources.length > 0) this.#schedule()
    }
    stream.addEventListener('drain', onRoom)
    stream.addEventListener('idle', onRoom)
  }

  /** Bytes of frames accepted and not yet handed to the stream, sources left aside. */
  get queuedBytes(): number {
    return this.#queuedBytes
  }

  send(frame: Uint8Array): void {
    this.#frames.push(frame)
    this.#queuedBytes += frame.length
    if (this.#queuedBytes >= EARLY_BYTES) this.#sendDue()
    else this.#schedule()
  }

  /** Puts a source in line; it must not be in line already. */
  offer(source: FrameSource): void {
    this.#sources.push(source)
    this.#schedule()
  }

  /** Hands every queued frame to the stream now. */
  flush(): void {
    if (this.#frames.length === 0 || this.#closed) return
    const batch = this.#frames
    this.#frames = []
    this.#queuedBytes = 0
    this.#write(batch)
  }

  /** Forgets what is queued and sends no more. */
  close(): void {
    this.#closed = true
    this.#frames = []
    this.#sources = []
    this.#queuedBytes = 0
  }

  #schedule(): void {
    if (this.#scheduled || this.#closed) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      this.#sendDue()
    })
  }

  #sendDue(): void {
    if (this.#closed || this.#isFull()) return
    const batch = this.#takeBatch()
    if (batch.length === 0) return
    this.#write(batch)
    if (this.#frames.length > 0 || this.#sources.length > 0) this.#schedule()
    else if (!this.#closed) this.#onIdle()
  }

  #isFull(): boolean {
    return this.#stream.writableNeedsDrain || this.#stream.writeBufferLength > 0
  }

  #write(batch: readonly Uint8Array[]): void {
    try {
      this.#stream.send(join(batch))
    } catch (error) {
      this.close()
      this.#onError(error)
    }
  }

  #takeBatch(): Uint8Array[] {
    const batch: Uint8Array[] = []
    let bytes = 0
    let taken = 0
    while (taken < this.#frames.length && bytes < FLUSH_BYTES) {
      const frame = this.#frames[taken++]!
      batch.push(frame)
      bytes += frame.length
    }
    this.#frames = taken === this.#frames.length ? [] : this.#frames.slice(taken)
    this.#queuedBytes -= bytes
    while (this.#sources.length > 0 && bytes < FLUSH_BYTES) {
      const source = this.#sources.shift()!
      const frame = source.next()
      if (frame === undefined) continue
      batch.push(frame)
      bytes += frame.length
      this.#sources.push(source)
    }
    return batch
  }
}

/** Puts the length in front of every frame and joins small neighbours; large frames are passed on uncopied. */
function join(batch: readonly Uint8Array[]): Uint8Array | Uint8ArrayList {
  const list = new Uint8ArrayList()
  let start = 0
  for (let index = 0; index < batch.length; index++) {
    if (batch[index]!.length <= COPY_BYTES) continue
    list.append(joinSmall(batch, start, index, batch[index]!.length))
    list.append(batch[index]!)
    start = index + 1
  }
  const rest = joinSmall(batch, start, batch.length)
  if (start === 0) return rest
  list.append(rest)
  return list
}

/** The frames from `start` to `end`, then the prefix of the large frame that follows. */
function joinSmall(batch: readonly Uint8Array[], start: number, end: number, nextLength?: number): Uint8Array {
  let size = nextLength === undefined ? 0 : prefixSize(nextLength)
  for (let index = start; index < end; index++) size += prefixSize(batch[index]!.length) + batch[index]!.length
  const joined = Buffer.allocUnsafe(size)
  let offset = 0
  for (let index = start; index < end; index++) {
    const frame = batch[index]!
    offset = writePrefix(joined, offset, frame.length)
    joined.set(frame, offset)
    offset += frame.length
  }
  if (nextLength !== undefined) writePrefix(joined, offset, nextLength)
  return joined
}
