import t from 'tap'
import {
  bytesToWords,
  fromBitmap,
  type Hex,
  type LaneBits,
  packRow,
  packWords,
  toBitmap,
  unpackRow,
  unpackWords,
} from '../src/index.js'
import { createDraw } from './epoch-random-input.js'

const LANES: readonly LaneBits[] = [16, 32, 64]

t.test('the first field is the lowest of the first word', async (test) => {
  test.same(packWords([1, 2], 16), [0x2_0001n])
  test.same(packWords([1, 2n], 32), [0x2_0000_0001n])
  test.same(packWords([1, 2, 0, 0, 3], 64), [(2n << 64n) | 1n, 3n], 'four times a word')
  test.same(packWords([], 32), [])
  test.same(unpackWords([0x2_0001n], 16, 1), [1n], 'fields beyond the count are ignored')
  test.same(unpackWords([], 64, 2), [0n, 0n], 'missing words are zeros')
})

t.test('what is packed comes out again', async (test) => {
  const draw = createDraw(3)
  for (const bits of LANES) {
    const highest = 2n ** BigInt(bits) - 1n
    for (let count = 0; count < 70; count++) {
      const values = Array.from({ length: count }, () => [0n, highest, BigInt(draw(65_536))][draw(3)]!)
      const words = packWords(values, bits)
      test.equal(words.length, Math.ceil((count * bits) / 256), `${count} of ${bits} bits`)
      test.same(unpackWords(words, bits, count), values)
    }
  }
})

t.test('rows', async (test) => {
  test.same(packRow([...new Array(16).fill(0), 3]), [0n, 3n])
  test.same(unpackRow([0n, 3n], 17), [...new Array(16).fill(0), 3])
})

t.test('bitmaps of several words', async (test) => {
  test.same(toBitmap([]), [])
  test.same(toBitmap([true, false, true]), [5n])
  const flags = Array.from({ length: 600 }, (_, uid) => uid % 255 === 0)
  test.same(toBitmap(flags), [1n | (1n << 255n), 1n << 254n, 0n])
  test.same(fromBitmap(toBitmap(flags), 600), flags)
  test.same(fromBitmap([1n], 300).indexOf(true, 1), -1, 'a missing word holds none')
})

t.test('words of bytes are big-endian', async (test) => {
  const word = (value: bigint) => value.toString(16).padStart(64, '0')
  const bytes: Hex = `0x${word(1n)}${word(2n ** 255n)}`
  test.same(bytesToWords(bytes), [1n, 2n ** 255n])
  test.same(bytesToWords('0x'), [])
})
