import { abis } from '@witan/contracts'
import { createSeededRandom, type DrawingRandom } from '@witan/runtime'
import { AbiCoder, Interface, type ParamType } from 'ethers'
import t from 'tap'
import { createDecoder } from '../src/abi/decoder.js'
import { toPlain } from '../src/abi/plain.js'

const coder = AbiCoder.defaultAbiCoder()
const hex = (random: DrawingRandom, bytes: number) => `0x${Buffer.from(random.bytes(bytes)).toString('hex')}`

function randomValue(type: ParamType, random: DrawingRandom): unknown {
  const { baseType } = type
  if (baseType === 'array') {
    const length = type.arrayLength! < 0 ? random.below(4) : type.arrayLength!
    return Array.from({ length }, () => randomValue(type.arrayChildren!, random))
  }
  if (baseType === 'tuple') return type.components!.map((component) => randomValue(component, random))
  if (baseType === 'address') return hex(random, 20)
  if (baseType === 'bool') return random.below(2) === 1
  if (baseType === 'string') return 'ÿ€'.repeat(random.below(40))
  if (baseType === 'bytes') return hex(random, random.below(70))
  const fixed = /^bytes(\d+)$/.exec(baseType)?.[1]
  if (fixed !== undefined) return hex(random, Number(fixed))
  const [, unsigned, bits] = /^(u?)int(\d+)$/.exec(baseType)!
  const value = BigInt(hex(random, Number(bits) / 8))
  return unsigned === 'u' ? value : BigInt.asIntN(Number(bits), value)
}

t.test('every type of every function, event and error decodes as ethers decodes it', async (t) => {
  const random = createSeededRandom('decoder')
  let compared = 0
  for (const abi of Object.values(abis)) {
    const declared = new Interface(JSON.stringify(abi))
    for (const fragment of declared.fragments) {
      const lists = [fragment.inputs, 'outputs' in fragment ? (fragment.outputs as readonly ParamType[]) : []]
      for (const types of lists.filter((list) => list.length > 0)) {
        const decode = createDecoder(types)
        for (let round = 0; round < 3; round++) {
          const data = coder.encode(
            types,
            types.map((type) => randomValue(type, random)),
          )
          const expected = coder.decode(types, data)
          t.strictSame(
            decode(data),
            types.map((type, index) => toPlain(type, expected[index])),
          )
          compared++
        }
      }
    }
  }
  t.ok(compared > 500, `${compared} encodings`)
})

t.test('data that is no encoding is refused', async (t) => {
  const decode = (types: string[], data: string) => () => createDecoder(types.map((type) => paramTypeOf(type)))(data)
  const word = (digits: string) => digits.padStart(64, '0')
  t.throws(decode(['uint256'], `0x${'00'.repeat(31)}`), RangeError)
  t.throws(decode(['uint16'], `0x${word('10000')}`), RangeError)
  t.throws(decode(['int16'], `0x${word('8000')}`), RangeError)
  t.throws(decode(['bool'], `0x${word('2')}`), RangeError)
  t.throws(decode(['bytes'], `0x${word('20')}${word('21')}${word('0')}`), RangeError)
  t.throws(decode(['bytes'], `0x${word('ff'.repeat(32))}`), RangeError)
  t.throws(decode(['uint8[]'], `0x${word('20')}${word('ffffff')}${word('0')}`), RangeError)
  t.throws(decode(['uint8[]'], `0x${word('20')}${word('ffffffff')}`), RangeError)
  t.same(decode(['int8[2]'], `0x${'f'.repeat(64)}${word('7f')}`)(), [[-1, 127]])
})

function paramTypeOf(type: string): ParamType {
  return new Interface([`function f(${type} value)`]).getFunction('f')!.inputs[0]!
}
