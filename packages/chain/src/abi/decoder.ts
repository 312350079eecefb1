import type { ParamType } from 'ethers'

/**
 * Decodes ABI data in one pass over its bytes, to the plain values of `toPlain`. ethers makes a result object with named
 * accessors for every struct, at a cost that grows faster than their number: 1,000 neurons take it seconds, this
 * milliseconds. Throws a RangeError on data that is not an encoding of the types.
 */
export type Decode = (data: string) => unknown[]

const WORD = 64
/** A declared length past this is no answer of a contract. */
const MAX_LENGTH = 1 << 24
/** Widest integer type that abitype types as `number`. */
const NUMBER_BITS = 48

/** Reads at `at`, counted in hexadecimal digits; `base` is where the offsets of the enclosing tuple count from. */
interface Reader {
  readonly isDynamic: boolean
  /** Digits it takes in the head of its tuple. */
  readonly size: number
  read(hex: string, at: number, base: number): unknown
}

/** A decoder of the values of `types` one after another, as functions return them and errors carry them. */
export function createDecoder(types: readonly ParamType[]): Decode {
  const readers = types.map(readerOf)
  return (data) => {
    const hex = data.slice(2)
    let at = 0
    return readers.map((reader) => {
      const value = readIn(reader, hex, at, 0)
      at += reader.size
      return value
    })
  }
}

function readerOf(type: ParamType): Reader {
  const { baseType } = type
  if (baseType === 'array') return arrayReader(readerOf(type.arrayChildren!), type.arrayLength!)
  if (baseType === 'tuple') return tupleReader(type.components!)
  if (baseType === 'bytes') return { isDynamic: true, size: WORD, read: readBytes }
  if (baseType === 'string') {
    const read = (hex: string, at: number) => Buffer.from(readBytes(hex, at).slice(2), 'hex').toString('utf8')
    return { isDynamic: true, size: WORD, read }
  }
  return { isDynamic: false, size: WORD, read: wordReader(baseType) }
}

function wordReader(baseType: string): Reader['read'] {
  if (baseType === 'address') return (hex, at) => `0x${word(hex, at).slice(24).toLowerCase()}`
  if (baseType === 'bool') return (hex, at) => isTrue(word(hex, at))
  const fixed = /^bytes(\d+)$/.exec(baseType)?.[1]
  if (fixed !== undefined)
    return (hex, at) =>
      `0x${word(hex, at)
        .slice(0, 2 * Number(fixed))
        .toLowerCase()}`
  const [, unsigned, bitsText] = /^(u?)int(\d+)$/.exec(baseType) ?? []
  if (bitsText === undefined) throw new Error(`the ABI type ${baseType} is not read here`)
  const bits = Number(bitsText)
  return unsigned === 'u' ? uintReader(bits) : intReader(bits)
}

function uintReader(bits: number): Reader['read'] {
  const from = WORD - bits / 4
  const zeros = '0'.repeat(from)
  const digits = (hex: string, at: number) => {
    const text = word(hex, at)
    if (!text.startsWith(zeros)) throw new RangeError(`the value is wider than ${bits} bits`)
    return text.slice(from)
  }
  return bits <= NUMBER_BITS
    ? (hex, at) => Number.parseInt(digits(hex, at), 16)
    : (hex, at) => BigInt(`0x${digits(hex, at)}`)
}

function intReader(bits: number): Reader['read'] {
  return (hex, at) => {
    const whole = BigInt.asIntN(256, BigInt(`0x${word(hex, at)}`))
    if (BigInt.asIntN(bits, whole) !== whole) throw new RangeError(`the value is wider than ${bits} bits`)
    return bits <= NUMBER_BITS ? Number(whole) : whole
  }
}

function tupleReader(components: readonly ParamType[]): Reader {
  const fields = components.map((type, index) => ({ name: type.name || String(index), reader: readerOf(type) }))
  const isDynamic = fields.some(({ reader }) => reader.isDynamic)
  const head = fields.reduce((sum, { reader }) => sum + reader.size, 0)
  return {
    isDynamic,
    size: isDynamic ? WORD : head,
    read(hex, at) {
      const struct: Record<string, unknown> = {}
      let position = at
      for (const { name, reader } of fields) {
        struct[name] = readIn(reader, hex, position, at)
        position += reader.size
      }
      return struct
    },
  }
}

function arrayReader(child: Reader, fixedLength: number): Reader {
  const isOpen = fixedLength < 0
  const isDynamic = isOpen || child.isDynamic
  return {
    isDynamic,
    size: isDynamic ? WORD : child.size * fixedLength,
    read(hex, at) {
      const length = isOpen ? count(hex, at) : fixedLength
      const start = isOpen ? at + WORD : at
      // Before anything is made of a length that the data does not have.
      if (start + length * child.size > hex.length) throw new RangeError('the array is longer than its data')
      return Array.from({ length }, (_, index) => readIn(child, hex, start + index * child.size, start))
    },
  }
}

function readIn(reader: Reader, hex: string, at: number, base: number): unknown {
  return reader.read(hex, reader.isDynamic ? base + 2 * count(hex, at) : at, base)
}

function readBytes(hex: string, at: number): string {
  const length = count(hex, at)
  const start = at + WORD
  if (start + 2 * length > hex.length) throw new RangeError('the bytes are longer than their data')
  return `0x${hex.slice(start, start + 2 * length).toLowerCase()}`
}

function word(hex: string, at: number): string {
  if (at + WORD > hex.length) throw new RangeError('the data ends early')
  return hex.slice(at, at + WORD)
}

function isTrue(text: string): boolean {
  const value = Number.parseInt(text, 16)
  if (value > 1) throw new RangeError('the value is neither true nor false')
  return value === 1
}

/** A length or an offset. */
function count(hex: string, at: number): number {
  const value = Number.parseInt(word(hex, at), 16)
  if (!(value <= MAX_LENGTH)) throw new RangeError('the length is past all bounds')
  return value
}
