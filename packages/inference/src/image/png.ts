import { crc32 } from 'node:zlib'
import type { CheckedImage } from './checked-image.js'
import { corruptImage, unsupportedImage } from './image-error.js'
import { checkPngPixelData, type PngLayout } from './png-pixel-data.js'

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)

/** Chunks that decide the pixels. All others (profiles, text, animation) are cut out before decoding. */
const PIXEL_CHUNKS = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND'])

/** Bit depths allowed for each colour type (PNG, third edition, table 8). */
const BIT_DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
}
const PALETTE_COLOUR = 3

interface Chunk {
  readonly type: string
  /** Length, type, content and checksum. */
  readonly whole: Uint8Array
  readonly content: Uint8Array
}

export function isPng(bytes: Uint8Array): boolean {
  return SIGNATURE.every((byte, index) => bytes[index] === byte)
}

/** Reads the IHDR chunk, which must come first, and nothing behind it. */
export function readPngLayout(bytes: Uint8Array): PngLayout {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 33 || view.getUint32(8) !== 13 || chunkType(bytes, 8) !== 'IHDR') {
    throw corruptImage('PNG without a header chunk')
  }
  const [bitDepth = 0, colourType = 0, compression, filter, interlace] = bytes.subarray(24, 29)
  if (compression !== 0 || filter !== 0 || !(interlace === 0 || interlace === 1)) {
    throw unsupportedImage('unknown PNG compression, filter or interlace method')
  }
  if (!BIT_DEPTHS[colourType]?.includes(bitDepth)) throw unsupportedImage('impossible PNG colour type and bit depth')
  return { width: view.getUint32(16), height: view.getUint32(20), bitDepth, colourType, interlaced: interlace === 1 }
}

/**
 * Checks order, length and checksum of every chunk and the amount of pixel data, and returns the image with only the
 * chunks that decide its pixels: the native decoder sees no profile, no text and no animation.
 */
export function checkPng(bytes: Uint8Array): CheckedImage {
  const layout = readPngLayout(bytes)
  const kept: Chunk[] = []
  const seen = new Set<string>()
  let previous = ''
  for (const chunk of readChunks(bytes)) {
    checkOrder(chunk.type, previous, seen)
    seen.add(chunk.type)
    previous = chunk.type
    if (PIXEL_CHUNKS.has(chunk.type)) kept.push(chunk)
  }
  if (previous !== 'IEND') throw corruptImage('PNG without an end chunk')
  if (layout.colourType === PALETTE_COLOUR && !seen.has('PLTE')) throw corruptImage('PNG without its palette')
  const pixelData = kept.filter(({ type }) => type === 'IDAT').map(({ content }) => content)
  checkPngPixelData(Buffer.concat(pixelData), layout)
  const { width, height } = layout
  return { width, height, format: 'png', bytes: Buffer.concat([SIGNATURE, ...kept.map(({ whole }) => whole)]) }
}

function* readChunks(bytes: Uint8Array): Generator<Chunk> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = SIGNATURE.length; at < bytes.length; ) {
    const end = at + 12 <= bytes.length ? at + 12 + view.getUint32(at) : Number.POSITIVE_INFINITY
    if (end > bytes.length) throw corruptImage('PNG ends inside a chunk')
    if (crc32(bytes.subarray(at + 4, end - 4)) !== view.getUint32(end - 4)) {
      throw corruptImage(`wrong checksum of the PNG chunk at byte ${at}`)
    }
    const type = chunkType(bytes, at)
    yield { type, whole: bytes.subarray(at, end), content: bytes.subarray(at + 8, end - 4) }
    if (type === 'IEND') return
    at = end
  }
}

function checkOrder(type: string, previous: string, seen: ReadonlySet<string>): void {
  if (type === 'IDAT' && seen.has('IDAT') && previous !== 'IDAT') throw corruptImage('PNG pixel data in two places')
  if (type !== 'IDAT' && PIXEL_CHUNKS.has(type) && seen.has(type)) throw corruptImage(`two ${type} chunks in a PNG`)
  if ((type === 'PLTE' || type === 'tRNS') && seen.has('IDAT'))
    throw corruptImage(`PNG chunk ${type} behind the pixels`)
  if (!PIXEL_CHUNKS.has(type) && isCritical(type)) throw unsupportedImage('unknown critical PNG chunk')
}

/** Bit 5 of the first letter, unset, marks a chunk that every decoder must understand. */
function isCritical(type: string): boolean {
  return (type.charCodeAt(0) & 0x20) === 0
}

function chunkType(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at + 4, at + 8))
}
