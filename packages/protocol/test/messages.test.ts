import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { bytesToHex } from '../src/bytes/hex.js'
import { isWitanError } from '../src/errors/witan-error.js'
import { BLOB_PROTOCOL, DESCRIBE_PROTOCOL, INFER_PROTOCOL, isNetworkName, RECORD_PROTOCOL } from '../src/limits.js'
import { decodeBlobRequest, decodeBlobResponse, encodeBlobRequest, encodeBlobResponse } from '../src/wire/blob-codec.js'
import type { BlobResponse } from '../src/wire/blob-message.js'
import {
  decodeDescribeRequest,
  decodeDescription,
  encodeDescribeRequest,
  encodeDescription,
} from '../src/wire/describe-codec.js'
import type { Description } from '../src/wire/describe-message.js'
import {
  decodeRecordRequest,
  decodeRecordResponse,
  encodeRecordRequest,
  encodeRecordResponse,
} from '../src/wire/record-codec.js'
import type { RecordRequest, RecordResponse } from '../src/wire/record-message.js'
import { RandomBytes } from './random-bytes.js'
import { digest } from './wire-samples.js'

const random = new RandomBytes(11)
const record = {
  multiaddrs: ['/ip4/127.0.0.1/tcp/9000', '/dns4/miner.example/tcp/443/tls/ws'],
  seq: 2 ** 53 - 1,
  expiry: 1_800_000_000,
  signature: bytesToHex(random.bytes(65)),
}
const offer = {
  version: digest(random),
  name: 'ppocr-v4-rec',
  engine: 'onnxruntime-node 1.30.0',
  device: 'cpu',
  precision: 'fp32',
  context: 0,
  pricePerRequest: 10n ** 15n,
  pricePerUnit: 0n,
  policy: digest(random),
  unitsPerSecond: 19.5,
}
const description: Description = {
  models: [offer, { ...offer, version: digest(random) }],
  load: { inFlight: 3, queued: 1, capacity: 4 },
  software: 'witan/0.1.0',
}
const requests: RecordRequest[] = [
  { kind: 'push', record },
  { kind: 'push', record: { ...record, multiaddrs: [] } },
  { kind: 'fetch', operator: bytesToHex(random.bytes(20)) },
]
const responses: RecordResponse[] = [
  { kind: 'record', record },
  { kind: 'accepted' },
  { kind: 'not-found' },
  { kind: 'rejected', code: 'RECORD_EXPIRED', message: 'An address record is expired' },
]
const blobRequest = { digest: digest(random), offset: 2 ** 53 - 1 }
const blobResponses: BlobResponse[] = [
  { kind: 'part', size: 2 ** 40, content: Uint8Array.from(random.bytes(100)) },
  { kind: 'part', size: 0, content: new Uint8Array(0) },
  { kind: 'not-found' },
  { kind: 'not-admitted' },
]

t.test('blob messages survive the wire, within their bounds', (t) => {
  t.same(decodeBlobRequest(encodeBlobRequest(blobRequest)), blobRequest)
  for (const response of blobResponses) t.same(decodeBlobResponse(encodeBlobResponse(response)), response)
  t.throws(() => decodeBlobRequest(new Uint8Array(65)), { code: 'MESSAGE_TOO_LARGE' })
  t.throws(() => decodeBlobRequest(new Uint8Array(0)), {
    code: 'MESSAGE_MALFORMED',
    facts: { field: 'BlobRequest.digest' },
  })
  t.throws(() => decodeBlobResponse(new Uint8Array(0)), {
    code: 'MESSAGE_MALFORMED',
    facts: { field: 'BlobResponse.body' },
  })
  const content = new Uint8Array(BLOB_PROTOCOL.maxPartBytes + 1)
  t.throws(() => encodeBlobResponse({ kind: 'part', size: 1, content }), { code: 'MESSAGE_TOO_LARGE' })
  const largest = encodeBlobResponse({ kind: 'part', size: 2 ** 53 - 1, content: content.subarray(1) })
  t.ok(largest.length <= BLOB_PROTOCOL.maxMessageBytes)
  t.end()
})

t.test('record and describe messages survive the wire', (t) => {
  for (const request of requests) t.same(decodeRecordRequest(encodeRecordRequest(request)), request)
  for (const response of responses) t.same(decodeRecordResponse(encodeRecordResponse(response)), response)
  t.same(decodeDescription(encodeDescription(description)), description)
  t.equal(decodeDescribeRequest(encodeDescribeRequest()), undefined)
  t.end()
})

t.test('bounds of record and describe', (t) => {
  const push = (change: object) => () => encodeRecordRequest({ kind: 'push', record: { ...record, ...change } })
  const many = push({ multiaddrs: Array(17).fill('/ip4/127.0.0.1/tcp/1') })()
  t.throws(() => decodeRecordRequest(many), { code: 'MESSAGE_TOO_LARGE', facts: { field: 'AddressRecord.multiaddrs' } })
  const long = push({ multiaddrs: ['/'.repeat(257)] })()
  t.throws(() => decodeRecordRequest(long), { code: 'MESSAGE_TOO_LARGE', facts: { size: 257, limit: 256 } })
  t.throws(push({ multiaddrs: Array(30).fill('x'.repeat(200)) }), { code: 'MESSAGE_TOO_LARGE' })
  t.throws(() => decodeRecordResponse(new Uint8Array(0)), { code: 'MESSAGE_MALFORMED' })
  t.throws(() => decodeRecordRequest(Uint8Array.of(0x12, 1, 0)), {
    code: 'MESSAGE_MALFORMED',
    facts: { field: 'RecordRequest.fetch' },
  })
  t.throws(() => decodeRecordRequest(new Uint8Array(5_000)), { code: 'MESSAGE_TOO_LARGE' })
  t.throws(() => decodeDescription(new Uint8Array(0)), {
    code: 'MESSAGE_MALFORMED',
    facts: { field: 'DescribeResponse.load' },
  })
  const crowd = encodeDescription({ ...description, models: Array(65).fill(offer) })
  t.throws(() => decodeDescription(crowd), { code: 'MESSAGE_TOO_LARGE', facts: { field: 'DescribeResponse.models' } })
  const mad = encodeDescription({ ...description, models: [{ ...offer, unitsPerSecond: Number.NaN }] })
  t.throws(() => decodeDescription(mad), { code: 'MESSAGE_MALFORMED', facts: { field: 'ModelOffer.units_per_second' } })
  t.end()
})

t.test('20,000 mutated messages decode or fail with a code', (t) => {
  const decoders: [(bytes: Uint8Array) => unknown, Uint8Array[]][] = [
    [decodeRecordRequest, requests.map(encodeRecordRequest)],
    [decodeRecordResponse, responses.map(encodeRecordResponse)],
    [decodeDescription, [encodeDescription(description)]],
    [decodeBlobRequest, [encodeBlobRequest(blobRequest)]],
    [decodeBlobResponse, blobResponses.map(encodeBlobResponse)],
  ]
  let refused = 0
  for (let index = 0; index < 20_000; index++) {
    const [decode, originals] = decoders[index % decoders.length]!
    const bytes = Uint8Array.from(originals[random.below(originals.length)]!)
    for (let flips = 1 + random.below(4); flips > 0; flips--) bytes[random.below(bytes.length)] = random.uint32()
    try {
      decode(random.below(4) === 0 ? bytes.subarray(0, random.below(bytes.length)) : bytes)
    } catch (error) {
      if (!isWitanError(error, 'MESSAGE_MALFORMED') && !isWitanError(error, 'MESSAGE_TOO_LARGE')) throw error
      refused++
    }
  }
  t.ok(refused > 5_000, `${refused} refused`)
  t.end()
})

t.test('protocol ids and limits fit together', (t) => {
  t.equal(RECORD_PROTOCOL.id('local'), '/witan/local/record/1')
  t.equal(DESCRIBE_PROTOCOL.id('local'), '/witan/local/describe/1')
  t.equal(BLOB_PROTOCOL.id('local'), '/witan/local/blob/1')
  t.equal(INFER_PROTOCOL.id('local'), '/witan/local/infer/1')
  t.ok(INFER_PROTOCOL.maxFrameBytes >= INFER_PROTOCOL.maxInlineBytes + INFER_PROTOCOL.maxSamplingBytes + 2048)
  t.ok(INFER_PROTOCOL.creditGrantBytes < INFER_PROTOCOL.creditWindowBytes)
  t.ok(isNetworkName('local') && isNetworkName('sepolia-2') && isNetworkName('x'))
  for (const bad of ['', '-x', 'x-', 'Local', 'a/b', 'x'.repeat(33)]) t.notOk(isNetworkName(bad), bad)
  t.end()
})

t.test('the generated code is that of the .proto files', (t) => {
  const root = fileURLToPath(new URL('../../', import.meta.url))
  const out = mkdtempSync(join(tmpdir(), 'witan-proto-'))
  t.teardown(() => rmSync(out, { recursive: true }))
  const bin = join(root, 'node_modules/.bin')
  const env = { ...process.env, PATH: `${bin}:${process.env.PATH}`, BUF_CACHE_DIR: join(out, 'cache') }
  execFileSync(join(bin, 'buf'), ['generate', '--output', out], { cwd: root, env, timeout: 60_000 })
  const generated = (base: string) => join(base, 'src/generated/witan/v1')
  const names = readdirSync(generated(out)).sort()
  t.same(readdirSync(generated(root)).sort(), names)
  for (const name of names) {
    const fresh = readFileSync(join(generated(out), name), 'utf8')
    t.ok(fresh === readFileSync(join(generated(root), name), 'utf8'), `${name}: run pnpm generate`)
  }
  t.end()
})
