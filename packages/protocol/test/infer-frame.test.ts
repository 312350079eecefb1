import { readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf'
import t from 'tap'
import { bytesToHex } from '../src/bytes/hex.js'
import { isWitanError } from '../src/errors/witan-error.js'
import { InferFrameSchema, type InferRequest as WireRequest } from '../src/generated/witan/v1/infer_pb.js'
import type { Closing, InferFrame, InferRequest } from '../src/wire/infer-frame.js'
import { decodeInferFrame, encodeInferFrame } from '../src/wire/infer-frame-codec.js'
import { decodeAnyFrame } from '../src/wire/infer-frame-from-wire.js'
import { readUsualFrame } from '../src/wire/infer-frame-reader.js'
import { closingToWire, encodeGenerated, requestToWire } from './generated-encoder.js'
import { RandomBytes } from './random-bytes.js'
import { sampleFrames } from './wire-samples.js'

/** A frame with its bytes as hex, so that frames compare by content whatever buffer holds them. */
const plain = (frame: InferFrame): unknown =>
  JSON.parse(
    JSON.stringify(frame, function (this: Record<string, unknown>, name, shown) {
      const value = this[name]
      if (value instanceof Uint8Array) return bytesToHex(value)
      return typeof value === 'bigint' ? value.toString() : shown
    }),
  )

t.test('frames survive the wire', (t) => {
  const random = new RandomBytes(7)
  for (let round = 0; round < 50; round++) {
    for (const frame of sampleFrames(random)) {
      t.same(plain(decodeInferFrame(encodeInferFrame(frame))), plain(frame), `${frame.kind} round ${round}`)
    }
  }
  t.end()
})

t.test('the bytes of a frame never change', (t) => {
  const file = new URL('../../test/vectors/frames.json', import.meta.url)
  const vectors: { frame: unknown; bytes: string }[] = JSON.parse(readFileSync(file, 'utf8'))
  for (const { frame, bytes } of vectors) {
    const decoded = decodeInferFrame(Buffer.from(bytes, 'hex'))
    t.same(plain(decoded), frame)
    t.equal(Buffer.from(encodeInferFrame(decoded)).toString('hex'), bytes)
  }
  t.equal(vectors.length, 8)
  t.end()
})

t.test('frames written and read by hand are those of the generated code', (t) => {
  const random = new RandomBytes(11)
  const frames = Array.from({ length: 1000 }, () => sampleFrames(random)).flat()
  // All are written before the first is looked at: none may be touched by those after it.
  const written = frames.map(encodeInferFrame)
  let usual = 0
  for (const [index, bytes] of written.entries()) {
    const { kind } = frames[index]!
    if (Buffer.compare(bytes, encodeGenerated(frames[index]!)) !== 0) t.fail(`${kind} ${index} is written otherwise`)
    const read = readUsualFrame(bytes)
    if (read === undefined) continue
    usual++
    if (!isDeepStrictEqual(plain(read), plain(decodeAnyFrame(bytes)))) t.fail(`${kind} ${index} is read otherwise`)
  }
  t.equal(usual, 6000, 'requests, chunks and closing frames need no generated code')
  t.end()
})

t.test('payloads are views of the message', (t) => {
  const bytes = encodeInferFrame({ call: 1, kind: 'chunk', body: { data: new Uint8Array(1000) } })
  const frame = decodeInferFrame(bytes)
  t.ok(frame.kind === 'chunk' && frame.body.data.buffer === bytes.buffer)
  t.end()
})

t.test('fields of a later version are skipped', (t) => {
  const frame = sampleFrames(new RandomBytes(3))[4]!
  const later = Buffer.concat([
    encodeInferFrame(frame),
    Buffer.from('c23e03616263', 'hex'),
    Buffer.from('c83e01', 'hex'),
  ])
  t.same(plain(decodeInferFrame(later)), plain(frame))
  t.end()
})

/** What became of the bytes, and the frame if they are one. */
function outcome(decode: (bytes: Uint8Array) => InferFrame, bytes: Uint8Array): [name: string, frame?: unknown] {
  try {
    return ['decoded', plain(decode(bytes))]
  } catch (error) {
    if (isWitanError(error)) return [error.code]
    throw error
  }
}

function mutate(random: RandomBytes, original: Uint8Array, other: Uint8Array): Uint8Array {
  const bytes = Uint8Array.from(original)
  for (let flips = 1 + random.below(4); flips > 0; flips--) bytes[random.below(bytes.length)] = random.uint32()
  switch (random.below(5)) {
    case 0:
      return bytes.subarray(0, random.below(bytes.length))
    case 1:
      return Buffer.concat([bytes.subarray(0, random.below(bytes.length)), other.subarray(random.below(other.length))])
    case 2:
      return Buffer.concat([bytes, random.bytes(random.below(20))])
    case 3:
      return random.bytes(random.below(400))
    default:
      return bytes
  }
}

t.test('20,000 mutated frames decode or fail with a code, as the generated code does', (t) => {
  const random = new RandomBytes(2024)
  const originals = Array.from({ length: 20 }, () => sampleFrames(random).map(encodeInferFrame)).flat()
  const outcomes = new Map<string, number>()
  for (let index = 0; index < 20_000; index++) {
    const pick = () => originals[random.below(originals.length)]!
    const bytes = mutate(random, pick(), pick())
    const result = outcome(decodeInferFrame, bytes)
    if (!isDeepStrictEqual(result, outcome(decodeAnyFrame, bytes))) t.fail(Buffer.from(bytes).toString('hex'))
    const [name] = result
    outcomes.set(name, (outcomes.get(name) ?? 0) + 1)
  }
  const known = ['decoded', 'MESSAGE_MALFORMED', 'MESSAGE_TOO_LARGE']
  t.same(
    [...outcomes.keys()].filter((name) => !known.includes(name)),
    [],
  )
  t.ok(outcomes.get('MESSAGE_MALFORMED')! > 5_000, 'many mutations are refused')
  t.end()
})

t.test('bounds name the field', (t) => {
  const random = new RandomBytes(5)
  const request = sampleFrames(random)[0]!.body as InferRequest
  const closing = sampleFrames(random)[4]!.body as Closing
  const refused = (init: MessageInitShape<typeof InferFrameSchema>, expected: { code: string; facts: object }) =>
    t.throws(() => decodeInferFrame(toBinary(InferFrameSchema, create(InferFrameSchema, init))), expected)
  const changed = (change: Partial<WireRequest>): MessageInitShape<typeof InferFrameSchema> => ({
    body: { case: 'request', value: { ...requestToWire(request), ...change } },
  })
  const malformed = (field: string) => ({ code: 'MESSAGE_MALFORMED', facts: { field } })
  const tooLarge = (field: string) => ({ code: 'MESSAGE_TOO_LARGE', facts: { field } })
  refused(changed({ nonce: new Uint8Array(31) }), malformed('InferRequest.nonce'))
  refused(changed({ policy: new Uint8Array(0) }), malformed('InferRequest.policy'))
  refused(changed({ netuid: 65_536 }), malformed('InferRequest.netuid'))
  refused(changed({ deadline: 2n ** 53n }), malformed('InferRequest.deadline'))
  refused(changed({ sampling: new Uint8Array(4097) }), tooLarge('InferRequest.sampling'))
  refused(changed({ maxPrice: new Uint8Array(33).fill(1) }), malformed('InferRequest.max_price'))
  refused(changed({ maxPrice: Uint8Array.of(0, 1) }), malformed('InferRequest.max_price'))
  const voucher = requestToWire(sampleFrames(random)[1]!.body as InferRequest).voucher!
  refused(changed({ voucher: { ...voucher, channelId: new Uint8Array(31) } }), malformed('SignedVoucher.channel_id'))
  refused(changed({ voucher: { ...voucher, cumulative: Uint8Array.of(0, 1) } }), malformed('SignedVoucher.cumulative'))
  refused(changed({ voucher: { ...voucher, signature: new Uint8Array(64) } }), malformed('SignedVoucher.signature'))
  refused(changed({ inputLength: 5, input: new Uint8Array(4) }), malformed('InferRequest.input'))
  refused(changed({ inputLength: 2 ** 31, input: new Uint8Array(0) }), tooLarge('InferRequest.input_length'))
  refused(changed({ inputLength: 66_000, input: new Uint8Array(66_000) }), tooLarge('InferRequest.input'))
  refused({ body: { case: 'chunk', value: {} } }, malformed('Chunk.data'))
  refused({ body: { case: 'credit', value: {} } }, malformed('Credit.bytes'))
  refused({ body: { case: 'failure', value: { code: 'no code' } } }, malformed('Failure.code'))
  refused({ body: { case: 'failure', value: { code: 'A'.repeat(65) } } }, tooLarge('Failure.code'))
  refused({ body: { case: 'closing', value: {} } }, malformed('Closing.timing'))
  refused({ body: { case: 'closing', value: { timing: {} } } }, malformed('Closing.receipt'))
  refused({}, malformed('InferFrame.body'))
  const longProof = closingToWire({ ...closing, receipt: { ...closing.receipt, proof: Array(11).fill(request.nonce) } })
  refused({ body: { case: 'closing', value: longProof } }, tooLarge('SignedReceipt.proof'))
  t.throws(() => decodeInferFrame(new Uint8Array(100_000)), { code: 'MESSAGE_TOO_LARGE', facts: { size: 100_000 } })
  t.end()
})

t.test('encoding refuses what a peer would refuse, and goes on', (t) => {
  const huge: InferFrame = { call: 1, kind: 'chunk', body: { data: new Uint8Array(80_000) } }
  t.throws(() => encodeInferFrame(huge), { code: 'MESSAGE_TOO_LARGE' })
  const request = sampleFrames(new RandomBytes(9))[0]!.body as InferRequest
  const bug = { call: 1, kind: 'request', body: { ...request, policy: '0x12' } } as const
  t.throws(() => encodeInferFrame(bug), RangeError)
  const failure = { code: 'ENGINE_FAILED', message: `${'ż'.repeat(400)}`, retryAfterMs: 0 }
  const decoded = decodeInferFrame(encodeInferFrame({ call: 1, kind: 'failure', body: failure }))
  t.ok(decoded.kind === 'failure' && decoded.body.message === 'ż'.repeat(256), 'a long message is cut at a character')
  t.end()
})
