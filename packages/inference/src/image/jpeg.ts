import { MAX_JPEG_SCANS } from '../limits.js'
import type { CheckedImage, ImageSize } from './checked-image.js'
import { corruptImage, unsupportedImage } from './image-error.js'

/** Second bytes of JPEG markers (ITU-T T.81, table B.1). */
const SOI = 0xd8
const EOI = 0xd9
const SOS = 0xda
const SUPPORTED_FRAMES = [0xc0, 0xc1, 0xc2]
const TABLES = [0xc4, 0xdb, 0xdd]
const APP0 = 0xe0
/** Adobe's segment says whether the components are YCbCr or RGB. */
const APP14 = 0xee

export function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === SOI && bytes[2] === 0xff
}

/**
 * Walks the segments up to the end marker, and returns the image with only the segments that decide its pixels:
 * profiles, comments and camera data (with its orientation) are cut out. Nothing is decoded.
 */
export function checkJpeg(bytes: Uint8Array, checkSize: (size: ImageSize) => void): CheckedImage {
  const kept: Uint8Array[] = [bytes.subarray(0, 2)]
  let size: ImageSize | undefined
  let scans = 0
  for (let at = 2; ; ) {
    const { marker, start, end } = readSegment(bytes, at)
    if (marker === EOI) {
      if (size === undefined || scans === 0) throw corruptImage('JPEG without a frame or pixel data')
      kept.push(bytes.subarray(start, end))
      return { ...size, format: 'jpeg', bytes: Buffer.concat(kept) }
    }
    if (isFrame(marker)) {
      if (size !== undefined) throw corruptImage('JPEG with two frames')
      size = readFrame(bytes, marker, start, end)
      checkSize(size)
    }
    let next = end
    if (marker === SOS) {
      if (size === undefined) throw corruptImage('JPEG pixel data before the frame')
      if (++scans > MAX_JPEG_SCANS) throw unsupportedImage(`JPEG with more than ${MAX_JPEG_SCANS} scans`)
      next = skipEntropyData(bytes, end)
    }
    if (keeps(marker)) kept.push(bytes.subarray(start, next))
    at = next
  }
}

interface Segment {
  readonly marker: number
  readonly start: number
  readonly end: number
}

function readSegment(bytes: Uint8Array, at: number): Segment {
  if (bytes[at] !== 0xff) throw corruptImage(`no JPEG marker at byte ${at}`)
  let start = at
  while (bytes[start + 1] === 0xff) start++
  const marker = bytes[start + 1]
  if (marker === undefined) throw corruptImage('JPEG ends inside a marker')
  if (marker === EOI) return { marker, start, end: start + 2 }
  const length = bytes[start + 3] === undefined ? 0 : bytes[start + 2]! * 256 + bytes[start + 3]!
  const end = start + 2 + length
  if (length < 2 || end > bytes.length) throw corruptImage('JPEG ends inside a segment')
  return { marker, start, end }
}

function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
}

function keeps(marker: number): boolean {
  return isFrame(marker) || marker === SOS || TABLES.includes(marker) || marker === APP0 || marker === APP14
}

function readFrame(bytes: Uint8Array, marker: number, start: number, end: number): ImageSize {
  if (!SUPPORTED_FRAMES.includes(marker)) throw unsupportedImage('JPEG that is neither baseline nor progressive')
  if (end - start < 10) throw corruptImage('JPEG with a short frame header')
  const [precision, heightHigh, heightLow, widthHigh, widthLow, components] = bytes.subarray(start + 4, start + 10)
  if (precision !== 8) throw unsupportedImage(`JPEG with ${precision} bits a sample`)
  if (components !== 1 && components !== 3) throw unsupportedImage(`JPEG with ${components} components`)
  if (end - start !== 10 + 3 * components) throw corruptImage('JPEG with a wrong frame header length')
  return { width: widthHigh! * 256 + widthLow!, height: heightHigh! * 256 + heightLow! }
}

/** Entropy-coded bytes end at the first marker other than a stuffed zero or a restart. */
function skipEntropyData(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at !== -1; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1]
    if (next === undefined) break
    if (next !== 0x00 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at
  }
  throw corruptImage('JPEG ends inside its pixel data')
}
