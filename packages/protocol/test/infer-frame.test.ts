import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf'
import t from 'tap'
import { hexToBytes } from '../src/bytes/hex.js'
import { isWitanError } from '../src/errors/witan-error.js'
import { type ClosingSchema, InferFrameSchema, type InferRequestSchema } from '../src/generated/witan/v1/infer_pb.js'
import type { Closing, InferFrame, InferRequest } from '../src/wire/infer-frame.js'
import { decodeInferFrame, encodeInferFrame } from '../src/wire/infer-frame-codec.js'
import { amountToBytes } from '../src/wire/wire-writer.js'
import { RandomBytes } from './random-bytes.js'
import { sampleFrames } from './wire-samples.js'

const raw = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => Uint8Array.from(bytes)

function requestInit(request: InferRequest): MessageInitShape<typeof InferRequestSchema> {
  return {
    nonce: hexToBytes(request.nonce),
    netuid: request.netuid,
    modelVersion: hexToBytes(request.modelVersion),
    policy: hexToBytes(request.policy),
    deadline: BigInt(request.deadline),
    sampling: raw(request.sampling),
    maxPrice: raw(amountToBytes(request.maxPrice)),
    inputLength: request.inputLength,
    input: raw(request.input),
  }
}

function closingInit({ output, timing, receipt: signed }: Closing): MessageInitShape<typeof ClosingSchema> {
  const { receipt, proof, batch } = signed
  return {
    ...(output !== undefined && { output: raw(output) }),
    timing,
    receipt: {
      receipt: {
        requestDigest: hexToBytes(receipt.requestDigest),
        responseDigest: hexToBytes(receipt.responseDigest),
        evidenceDigest: hexToBytes(receipt.evidenceDigest),
        modelVersion: hexToBytes(receipt.modelVersion),
        policy: hexToBytes(receipt.policy),
        units: BigInt(receipt.units),
        price: raw(amountToBytes(receipt.price)),
        channel: hexToBytes(receipt.channel),
        startedAt: BigInt(receipt.startedAt),
        finishedAt: BigInt(receipt.finishedAt),
      },
      proof: proof.map((sibling) => hexToBytes(sibling)),
      batch: { root: hexToBytes(batch.root), count: batch.count, signature: hexToBytes(batch.signature) },
    },
  }
}

function bodyInit(frame: InferFrame): MessageInitShape<typeof InferFrameSchema> {
  switch (frame.kind) {
    case 'request':
      return { body: { case: 'request', value: requestInit(frame.body) } }
    case 'chunk':
      return { body: { case: 'chunk', value: { data: raw(frame.body.data) } } }
    case 'closing':
      return { body: { case: 'closing', value: closingInit(frame.body) } }
    case 'failure':
      return { body: { case: 'failure', value: frame.body } }
    case 'cancel':
      return { body: { case: 'cancel', value: {} } }
    case 'credit':
      return { body: { case: 'credit', value: frame.body } }
  }
}

const referenceEncode = (frame: InferFrame): Uint8Array =>
  toBinary(InferFrameSchema, create(InferFrameSchema, { ...bodyInit(frame), call: frame.call }))

const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, item) => {
      if (item instanceof Uint8Array) return Buffer.from(item).toString('hex')
      return typeof item === 'bigint' ? item.toString() : item
    }),
  )

t.test('both codecs write the same bytes and read the same frame', (t) => {
  const random = new RandomBytes(7)
  for (let round = 0; round < 50; round++) {
    for (const frame of sampleFrames(random)) {
      const bytes = encodeInferFrame(frame)
      const reference = referenceEncode(frame)
      if (Buffer.compare(bytes, reference) !== 0) t.same(bytes, reference, frame.kind)
      const decoded = decodeInferFrame(reference)
      t.same(plain(decoded), plain(frame), `${frame.kind} round ${round}`)
      const reread = fromBinary(InferFrameSchema, bytes)
      if (reread.body.case !== frame.kind || reread.call !== frame.call)
        t.fail(`generated codec read ${reread.body.case}`)
    }
  }
  t.end()
})

t.test('payloads are views of the message', (t) => {
  const bytes = encodeInferFrame({ call: 1, kind: 'chunk', body: { data: new Uint8Array(1000) } })
  const frame = decodeInferFrame(bytes)
  t.ok(frame.kind === 'chunk' && frame.body.data.buffer === bytes.buffer)
  t.end()
})

t.test('fields of a later version are skipped', (t) => {
  const frame = sampleFrames(new RandomBytes(3))[3]!
  const later = Buffer.concat([
    encodeInferFrame(frame),
    Buffer.from('c23e03616263', 'hex'),
    Buffer.from('c83e01', 'hex'),
  ])
  t.same(plain(decodeInferFrame(later)), plain(frame))
  t.end()
})

function outcome(bytes: Uint8Array): string {
  try {
    decodeInferFrame(bytes)
    return 'decoded'
  } catch (error) {
    if (isWitanError(error)) return error.code
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

t.test('20,000 mutated frames decode or fail with a code', (t) => {
  const random = new RandomBytes(2024)
  const originals = Array.from({ length: 20 }, () => sampleFrames(random).map(encodeInferFrame)).flat()
  const outcomes = new Map<string, number>()
  for (let index = 0; index < 20_000; index++) {
    const pick = () => originals[random.below(originals.length)]!
    const name = outcome(mutate(random, pick(), pick()))
    outcomes.set(name, (outcomes.get(name) ?? 0) + 1)
  }
  t.same([...outcomes.keys()].sort(), ['MESSAGE_MALFORMED', 'MESSAGE_TOO_LARGE', 'decoded'])
  t.ok(outcomes.get('MESSAGE_MALFORMED')! > 10_000, 'most mutations are refused')
  t.end()
})

t.test('bounds name the field', (t) => {
  const random = new RandomBytes(5)
  const request = sampleFrames(random)[0]!.body as InferRequest
  const closing = sampleFrames(random)[3]!.body as Closing
  const refused = (init: MessageInitShape<typeof InferFrameSchema>, expected: object) =>
    t.throws(() => decodeInferFrame(toBinary(InferFrameSchema, create(InferFrameSchema, init))), expected)
  const changed = (change: MessageInitShape<typeof InferRequestSchema>): MessageInitShape<typeof InferFrameSchema> => ({
    body: {
      case: 'request',
      value: { ...requestInit(request), ...change } as MessageInitShape<typeof InferRequestSchema>,
    },
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
  refused(changed({ inputLength: 5, input: new Uint8Array(4) }), malformed('InferRequest.input'))
  refused(changed({ inputLength: 2 ** 31, input: new Uint8Array(0) }), tooLarge('InferRequest.input_length'))
  refused(changed({ inputLength: 66_000, input: new Uint8Array(66_000) }), tooLarge('InferRequest.input'))
  refused({ body: { case: 'chunk', value: {} } }, malformed('Chunk.data'))
  refused({ body: { case: 'credit', value: {} } }, malformed('Credit.bytes'))
  refused({ body: { case: 'failure', value: { code: 'no code' } } }, malformed('Failure.code'))
  refused({ body: { case: 'failure', value: { code: 'A'.repeat(65) } } }, tooLarge('Failure.code'))
  refused({ body: { case: 'closing', value: {} } }, malformed('Closing.receipt'))
  refused({}, malformed('InferFrame.body'))
  const longProof = closingInit({ ...closing, receipt: { ...closing.receipt, proof: Array(11).fill(request.nonce) } })
  refused({ body: { case: 'closing', value: longProof } }, tooLarge('SignedReceipt.proof'))
  const twice = Buffer.concat([encodeInferFrame({ call: 1, kind: 'cancel', body: {} }), Buffer.from('3200', 'hex')])
  t.throws(() => decodeInferFrame(twice), malformed('InferFrame.body'))
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
