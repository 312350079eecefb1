import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf'
import { hexToBytes } from '../bytes/hex.js'
import { SIGNATURE_BYTES } from '../crypto/signature.js'
import {
  type AddressRecord,
  type AddressRecordSchema,
  RecordRequestSchema,
  RecordResponseSchema,
} from '../generated/witan/v1/record_pb.js'
import { INFER_PROTOCOL, RECORD_PROTOCOL } from '../limits.js'
import type { SignedRecord } from '../record/signed-record.js'
import { boundedText, fixedHex, safeCount } from './field-checks.js'
import type { RecordRequest, RecordResponse } from './record-message.js'
import { malformed, tooLarge } from './wire-error.js'
import { decodeMessage } from './wire-reader.js'

const ADDRESS_BYTES = 20
const { maxMessageBytes, maxMultiaddrBytes, maxMultiaddrs } = RECORD_PROTOCOL

/** Throws `MESSAGE_TOO_LARGE` past 4 KiB. */
export function encodeRecordRequest(request: RecordRequest): Uint8Array {
  const message = create(RecordRequestSchema, requestToWire(request))
  return bounded(toBinary(RecordRequestSchema, message), 'RecordRequest')
}

/** Throws `MESSAGE_MALFORMED` or `MESSAGE_TOO_LARGE`. */
export function decodeRecordRequest(bytes: Uint8Array): RecordRequest {
  return decodeMessage(bytes, maxMessageBytes, 'RecordRequest', () => {
    const { body } = fromBinary(RecordRequestSchema, bytes)
    if (body.case === 'push') return { kind: 'push', record: recordFromWire(body.value) }
    if (body.case === 'fetch') {
      return { kind: 'fetch', operator: fixedHex(body.value, ADDRESS_BYTES, 'RecordRequest.fetch') }
    }
    throw malformed('RecordRequest.body', 'is missing or unknown')
  })
}

/** Throws `MESSAGE_TOO_LARGE` past 4 KiB. */
export function encodeRecordResponse(response: RecordResponse): Uint8Array {
  const message = create(RecordResponseSchema, responseToWire(response))
  return bounded(toBinary(RecordResponseSchema, message), 'RecordResponse')
}

/** Throws `MESSAGE_MALFORMED` or `MESSAGE_TOO_LARGE`. */
export function decodeRecordResponse(bytes: Uint8Array): RecordResponse {
  return decodeMessage(bytes, maxMessageBytes, 'RecordResponse', () => {
    const { body } = fromBinary(RecordResponseSchema, bytes)
    switch (body.case) {
      case 'record':
        return { kind: 'record', record: recordFromWire(body.value) }
      case 'accepted':
        return { kind: 'accepted' }
      case 'notFound':
        return { kind: 'not-found' }
      case 'rejected': {
        const { maxFailureCodeBytes, maxFailureMessageBytes } = INFER_PROTOCOL
        const code = boundedText(body.value.code, maxFailureCodeBytes, 'RecordRejected.code')
        const message = boundedText(body.value.message, maxFailureMessageBytes, 'RecordRejected.message')
        return { kind: 'rejected', code, message }
      }
      default:
        throw malformed('RecordResponse.body', 'is missing or unknown')
    }
  })
}

function requestToWire(request: RecordRequest): MessageInitShape<typeof RecordRequestSchema> {
  if (request.kind === 'push') return { body: { case: 'push', value: recordToWire(request.record) } }
  return { body: { case: 'fetch', value: hexToBytes(request.operator, ADDRESS_BYTES) } }
}

function responseToWire(response: RecordResponse): MessageInitShape<typeof RecordResponseSchema> {
  switch (response.kind) {
    case 'record':
      return { body: { case: 'record', value: recordToWire(response.record) } }
    case 'accepted':
      return { body: { case: 'accepted', value: {} } }
    case 'not-found':
      return { body: { case: 'notFound', value: {} } }
    case 'rejected':
      return { body: { case: 'rejected', value: { code: response.code, message: response.message } } }
  }
}

function recordToWire({
  multiaddrs,
  seq,
  expiry,
  signature,
}: SignedRecord): MessageInitShape<typeof AddressRecordSchema> {
  return {
    multiaddrs: [...multiaddrs],
    seq: BigInt(seq),
    expiry: BigInt(expiry),
    signature: hexToBytes(signature, SIGNATURE_BYTES),
  }
}

function recordFromWire({ multiaddrs, seq, expiry, signature }: AddressRecord): SignedRecord {
  if (multiaddrs.length > maxMultiaddrs) throw tooLarge('AddressRecord.multiaddrs', multiaddrs.length, maxMultiaddrs)
  for (const multiaddr of multiaddrs) boundedText(multiaddr, maxMultiaddrBytes, 'AddressRecord.multiaddrs')
  return {
    multiaddrs,
    seq: safeCount(seq, 'AddressRecord.seq'),
    expiry: safeCount(expiry, 'AddressRecord.expiry'),
    signature: fixedHex(signature, SIGNATURE_BYTES, 'AddressRecord.signature'),
  }
}

function bounded(bytes: Uint8Array, name: string): Uint8Array {
  if (bytes.length > maxMessageBytes) throw tooLarge(name, bytes.length, maxMessageBytes)
  return bytes
}
