/** One item of an IDX file. */
export interface IdxItem {
  /** A view of what was pushed, where the item lies in one piece. */
  readonly bytes: Uint8Array
  /** Of one item; empty for numbers. */
  readonly shape: readonly number[]
}

interface Header {
  readonly count: number
  readonly shape: readonly number[]
  readonly itemBytes: number
}

/** First three bytes of the magic number: two zeros, then the type of unsigned bytes. The fourth counts the dimensions. */
const UNSIGNED_BYTES = 0x08
const MAX_DIMENSIONS = 8
const MAGIC_BYTES = 4

/** Items of an IDX file of unsigned bytes (the format of MNIST) that arrives in pieces. Throws RangeError with what is wrong. */
export class IdxParser {
  readonly #maxItemBytes: number
  #held = new Uint8Array(0)
  #header: Header | undefined
  #items = 0

  constructor({ maxItemBytes }: { readonly maxItemBytes: number }) {
    this.#maxItemBytes = maxItemBytes
  }

  /** The items that the piece completes. */
  *push(piece: Uint8Array): Generator<IdxItem> {
    let bytes = this.#held.length === 0 ? piece : joined(this.#held, piece)
    if (this.#header === undefined) {
      const headerBytes = MAGIC_BYTES * (1 + (bytes[3] ?? MAX_DIMENSIONS))
      if (bytes.length >= headerBytes) {
        this.#header = readHeader(bytes, this.#maxItemBytes)
        bytes = bytes.subarray(headerBytes)
      }
    }
    if (this.#header !== undefined) {
      const { count, shape, itemBytes } = this.#header
      while (itemBytes <= bytes.length && this.#items < count) {
        this.#items += 1
        yield { bytes: bytes.subarray(0, itemBytes), shape }
        bytes = bytes.subarray(itemBytes)
      }
    }
    this.#held = bytes as Uint8Array<ArrayBuffer>
  }

  /** After the last piece. */
  finish(): void {
    if (this.#header === undefined) throw new RangeError('no IDX header')
    const { count } = this.#header
    if (this.#items !== count || this.#held.length > 0) {
      throw new RangeError(`another number of items than its header says: ${this.#items} of ${count}`)
    }
  }
}

function readHeader(bytes: Uint8Array, maxItemBytes: number): Header {
  const dimensions = bytes[3]!
  const isIdx = bytes[0] === 0 && bytes[1] === 0 && bytes[2] === UNSIGNED_BYTES
  if (!isIdx || dimensions < 1 || dimensions > MAX_DIMENSIONS) throw new RangeError('not an IDX file of unsigned bytes')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const [count, ...shape] = Array.from({ length: dimensions }, (_, index) => view.getUint32(MAGIC_BYTES * (1 + index)))
  const itemBytes = shape.reduce((product, size) => product * size, 1)
  if (itemBytes < 1 || itemBytes > maxItemBytes)
    throw new RangeError(`items of a size out of bounds: ${itemBytes} bytes`)
  return { count: count!, shape, itemBytes }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length)
  bytes.set(first)
  bytes.set(second, first.length)
  return bytes
}
