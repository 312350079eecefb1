import { crc32, deflateSync } from 'node:zlib'
import { isWitanError } from '@witan/protocol'
import { createSeededRandom } from '@witan/runtime'
import t from 'tap'
import { importCanvas } from '../src/canvas.js'
import { checkImage } from '../src/image/check-image.js'
import type { Pixels } from '../src/image/checked-image.js'
import { decodeImage } from '../src/image/decode-image.js'
import { resize } from '../src/image/resize.js'
import { MAX_IMAGE_BYTES, MAX_IMAGE_PIXELS } from '../src/index.js'
import { seededSentence } from './fixture.js'

const MAX_RATIO = 66
const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')

function chunk(type: string, content: Uint8Array = new Uint8Array(0)): Buffer {
  const bytes = Buffer.alloc(content.length + 12)
  bytes.writeUInt32BE(content.length)
  bytes.write(type, 4, 'latin1')
  bytes.set(content, 8)
  bytes.writeUInt32BE(crc32(bytes.subarray(4, -4)), bytes.length - 4)
  return bytes
}

interface Header {
  width: number
  height: number
  depth?: number
  colour?: number
  interlace?: number
}

function header({ width, height, depth = 8, colour = 2, interlace = 0 }: Header): Buffer {
  const content = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, depth, colour, 0, 0, interlace])
  content.writeUInt32BE(width, 0)
  content.writeUInt32BE(height, 4)
  return chunk('IHDR', content)
}

/** A PNG of these inflated rows (filter bytes included). */
function png(head: Header, rows: Uint8Array, ...extra: Buffer[]): Buffer {
  return Buffer.concat([SIGNATURE, header(head), ...extra, chunk('IDAT', deflateSync(rows)), chunk('IEND')])
}

async function decode(bytes: Uint8Array): Promise<Pixels> {
  return decodeImage(checkImage(bytes, MAX_RATIO))
}

async function jpegOf(image: Uint8Array): Promise<Buffer> {
  const { createCanvas, loadImage } = await importCanvas()
  const loaded = await loadImage(image)
  const canvas = createCanvas(loaded.width, loaded.height)
  canvas.getContext('2d').drawImage(loaded, 0, 0)
  return canvas.toBuffer('image/jpeg', 80)
}

t.test('pixels are those stored, on white', async (t) => {
  const rows = Uint8Array.of(0, 255, 0, 0, 0, 128, 0, 0, 1, 2, 3, 250, 251, 252)
  const profile = chunk('gAMA', Uint8Array.of(0, 0, 0x10, 0))
  const { data } = await decode(png({ width: 2, height: 2 }, rows, profile))
  t.same([...data], [255, 0, 0, 255, 0, 128, 0, 255, 1, 2, 3, 255, 250, 251, 252, 255], 'the profile is not applied')
  const clear = await decode(png({ width: 1, height: 1, colour: 6 }, Uint8Array.of(0, 10, 20, 30, 0)))
  t.same([...clear.data], [255, 255, 255, 255])
  const interlaced = await decode(png({ width: 1, height: 2, colour: 0, interlace: 1 }, Uint8Array.of(0, 7, 0, 9)))
  t.same([...interlaced.data], [7, 7, 7, 255, 9, 9, 9, 255])
  const palette = chunk('PLTE', Uint8Array.of(1, 2, 3, 4, 5, 6))
  const indexed = await decode(png({ width: 2, height: 1, depth: 1, colour: 3 }, Uint8Array.of(0, 0x40), palette))
  t.same([...indexed.data], [1, 2, 3, 255, 4, 5, 6, 255])
})

t.test('sizes are refused by the header, before anything is inflated', async (t) => {
  // Headers alone: if anything behind them were read, the code would be IMAGE_CORRUPT.
  const refused: [code: string, head: Header][] = [
    ['IMAGE_TOO_MANY_PIXELS', { width: 30_000, height: 30_000 }],
    ['IMAGE_TOO_MANY_PIXELS', { width: 2 ** 32 - 1, height: 2 ** 32 - 1 }],
    ['IMAGE_TOO_MANY_PIXELS', { width: 2001, height: 2000 }],
    ['IMAGE_TOO_MANY_PIXELS', { width: 20_000, height: 200 }],
    ['IMAGE_ASPECT_RATIO', { width: 6701, height: 100 }],
    ['IMAGE_ASPECT_RATIO', { width: 10, height: 161 }],
    ['IMAGE_CORRUPT', { width: 0, height: 1 }],
    ['IMAGE_FORMAT', { width: 1, height: 1, depth: 16, colour: 3 }],
    ['IMAGE_FORMAT', { width: 1, height: 1, colour: 5 }],
    ['IMAGE_FORMAT', { width: 1, height: 1, interlace: 2 }],
    ['IMAGE_CORRUPT', { width: 2000, height: 2000 }],
  ]
  for (const [code, head] of refused) {
    t.throws(() => checkImage(Buffer.concat([SIGNATURE, header(head)]), MAX_RATIO), { code, exitCode: 65 }, code)
  }
  t.throws(() => checkImage(new Uint8Array(MAX_IMAGE_BYTES + 1), MAX_RATIO), { code: 'INPUT_TOO_LARGE' })
  t.throws(() => checkImage(new Uint8Array(MAX_IMAGE_BYTES), MAX_RATIO), { code: 'IMAGE_FORMAT' })
  for (const bytes of ['', 'G', 'GIF89a', '\xff\xd8', '<svg/>', 'RIFF....WEBP']) {
    t.throws(() => checkImage(Buffer.from(bytes, 'latin1'), MAX_RATIO), { code: 'IMAGE_FORMAT' })
  }
})

t.test('a bomb behind an honest header inflates no further than the header allows', async (t) => {
  const bomb = png({ width: 100, height: 100 }, new Uint8Array(200_000_000))
  t.ok(bomb.length < MAX_IMAGE_BYTES, 'it passes the bound on bytes')
  t.throws(() => checkImage(bomb, MAX_RATIO), { code: 'IMAGE_CORRUPT' })
  const largest = png({ width: 2000, height: MAX_IMAGE_PIXELS / 2000, colour: 0 }, new Uint8Array(2001 * 2000))
  t.match(await decode(largest), { width: 2000, height: 2000 }, 'the largest image passes')
})

t.test('a PNG that is not whole is refused', async (t) => {
  const head = { width: 2, height: 2, colour: 0 }
  const rows = new Uint8Array(6)
  const good = png(head, rows)
  const damaged: Record<string, Buffer> = {
    checksum: Buffer.from(good).fill(1, 30, 31),
    'cut short': good.subarray(0, -5),
    'no end': good.subarray(0, -12),
    'no pixel data': Buffer.concat([SIGNATURE, header(head), chunk('IEND')]),
    'too little pixel data': png(head, rows.subarray(1)),
    'too much pixel data': png(head, new Uint8Array(7)),
    'unknown row filter': png(head, Uint8Array.of(5, 0, 0, 0, 0, 0)),
    'no palette': png({ ...head, colour: 3 }, rows),
    'two headers': png(head, rows, header(head)),
    'chunk longer than the file': png(head, rows, Buffer.from('ffffffff49444154', 'hex')),
    'pixel data in two places': Buffer.concat([good.subarray(0, -12), chunk('tEXt'), good.subarray(33)]),
  }
  for (const [name, bytes] of Object.entries(damaged)) {
    t.throws(() => checkImage(bytes, MAX_RATIO), { code: 'IMAGE_CORRUPT' }, name)
  }
  t.throws(() => checkImage(png(head, rows, chunk('ABCD')), MAX_RATIO), { code: 'IMAGE_FORMAT' })
})

t.test('JPEG: size from the frame, metadata cut out, scans counted', async (t) => {
  const jpeg = await jpegOf((await seededSentence('jpeg')).image)
  const plain = checkImage(jpeg, MAX_RATIO)
  const camera = Buffer.concat([
    Buffer.from('ffe1000a', 'hex'),
    Buffer.from('Exif\0\0II'),
    Buffer.from('fffe0003aa', 'hex'),
  ])
  const tagged = checkImage(Buffer.concat([jpeg.subarray(0, 2), camera, jpeg.subarray(2)]), MAX_RATIO)
  t.same(tagged, plain)
  t.match(await decode(jpeg), { width: plain.width, height: plain.height })

  const frame = jpeg.findIndex((byte, at) => byte === 0xff && (jpeg[at + 1] === 0xc0 || jpeg[at + 1] === 0xc2))
  const scan = jpeg.indexOf(Buffer.from('ffda', 'hex'))
  const withFrame = (offset: number, ...bytes: number[]) =>
    Buffer.from(jpeg).fill(Buffer.from(bytes), frame + offset, frame + offset + bytes.length)
  const scans = Array.from({ length: 33 }, () => jpeg.subarray(scan, -2))
  const damaged: Record<string, [code: string, bytes: Buffer]> = {
    'too many pixels': ['IMAGE_TOO_MANY_PIXELS', withFrame(5, 0x75, 0x30, 0x75, 0x30)],
    'no height': ['IMAGE_CORRUPT', withFrame(5, 0, 0)],
    lossless: ['IMAGE_FORMAT', withFrame(1, 0xc3)],
    'twelve bits': ['IMAGE_FORMAT', withFrame(4, 12)],
    'four components': ['IMAGE_FORMAT', withFrame(9, 4)],
    'short frame': ['IMAGE_CORRUPT', withFrame(2, 0, 4)],
    'cut short': ['IMAGE_CORRUPT', jpeg.subarray(0, -2)],
    'no frame': ['IMAGE_CORRUPT', Buffer.from('ffd8ffd9', 'hex')],
    'many scans': ['IMAGE_FORMAT', Buffer.concat([jpeg.subarray(0, scan), ...scans, jpeg.subarray(-2)])],
  }
  for (const [name, [code, bytes]] of Object.entries(damaged)) {
    t.throws(() => checkImage(bytes, MAX_RATIO), { code, exitCode: 65 }, name)
  }
})

t.test('resizing keeps flat areas flat and the mean of what it shrinks', async (t) => {
  const grey = { width: 7, height: 5, data: new Uint8ClampedArray(7 * 5 * 4).fill(200) }
  t.ok(resize(grey, 31, 48).data.every((value) => Math.abs(value - 200) < 1e-3))
  const stripes = {
    width: 64,
    height: 64,
    data: new Uint8ClampedArray(64 * 64 * 4).map((_, i) => ((i >> 2) & 1 ? 255 : 0)),
  }
  const shrunk = resize(stripes, 16, 16).data.slice(4, 12)
  t.ok(
    shrunk.every((value) => Math.abs(value - 127.5) < 8),
    'no aliasing',
  )
  t.same(resize({ width: 1, height: 1, data: Uint8ClampedArray.of(1, 2, 3, 255) }, 1, 1).data, [1, 2, 3])
})

t.test('2,000 hostile images end in pixels or in a coded error', async (t) => {
  const { image } = await seededSentence('fuzz')
  const jpeg = await jpegOf(image)
  const { width, height, data } = await decode(image)
  const rows = Buffer.alloc(height * (width * 4 + 1))
  for (let row = 0; row < height; row++)
    rows.set(data.subarray(row * width * 4, (row + 1) * width * 4), row * (width * 4 + 1) + 1)

  const random = createSeededRandom('hostile images')
  const mutate = (bytes: Uint8Array) => {
    const mutant = Buffer.from(bytes)
    for (let left = 1 + random.below(8); left > 0; left--) mutant[random.below(mutant.length)] = random.below(256)
    return random.below(10) === 0 ? mutant.subarray(0, random.below(mutant.length)) : mutant
  }
  // Raw bytes stop at checksums; mutated rows, palettes and entropy data reach the native decoder.
  const makers = [
    () => mutate(image),
    () => mutate(jpeg),
    () => png({ width, height, colour: 6 }, mutate(rows)),
    () =>
      png(
        { width, height, depth: [1, 2, 4, 8][random.below(4)]!, colour: 3 },
        mutate(rows),
        chunk('PLTE', random.bytes(random.below(800))),
      ),
  ]
  const outcomes: Record<string, number> = {}
  for (let index = 0; index < 2000; index++) {
    const bytes = makers[index % makers.length]!()
    const outcome = await decode(bytes).then(
      () => 'decoded',
      (error) => (isWitanError(error) && error.exitCode === 65 ? error.code : String(error)),
    )
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
  }
  const allowed = ['decoded', 'IMAGE_CORRUPT', 'IMAGE_FORMAT', 'IMAGE_TOO_MANY_PIXELS', 'IMAGE_ASPECT_RATIO']
  t.same(
    Object.keys(outcomes).filter((outcome) => !allowed.includes(outcome)),
    [],
  )
  t.ok((outcomes.decoded ?? 0) > 200, 'many reach the native decoder')
})
