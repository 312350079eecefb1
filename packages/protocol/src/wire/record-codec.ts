import { SIGNATURE_BYTES } from '../crypto/signature.js'
import {
  RecordRequestSchema,
  RecordResponseSchema,
  type AddressRecord as WireRecord,
  type RecordRequest as WireRequest,
  type RecordResponse as WireResponse,
} from '../generated/witan/v1/record_pb.js'
import { INFER_PROTOCOL, RECORD_PROTOCOL } from '../limits.js'
import type { SignedRecord } from '../record/signed-record.js'
import { decodeMessage } from './decode-message.js'
import { encodeMessage } from './encode-message.js'
import { boundedText, fixedHex, safeCount } from './fields-from-wire.js'
import { bytesOf } from './fields-to-wire.js'
import type { RecordRequest, RecordResponse } from './record-message.js'
import { malformed, tooLarge } from './wire-error.js'

const ADDRESS_BYTES = 20
const { maxMessageBytes, maxMultiaddrBytes, maxMultiaddrs } = RECORD_PROTOCOL
const { maxFailureCodeBytes, maxFailureMessageBytes } = INFER_PROTOCOL

/** Throws `MESSAGE_TOO_LARGE` past 4 KiB. */
export function encodeRecordRequest(request: RecordRequest): Uint8Array {
  const body: WireRequest['body'] =
    request.kind === 'push'
      ? { case: 'push', value: recordToWire(request.record) }
      : { case: 'fetch', value: bytesOf(request.operator, ADDRESS_BYTES) }
  return encodeMessage(RecordRequestSchema, { $typeName: 'witan.v1.RecordRequest', body }, maxMessageBytes)
}

/** Throws `MESSAGE_MALFORMED` or `MESSAGE_TOO_LARGE`. */
export function decodeRecordRequest(bytes: Uint8Array): RecordRequest {
  const { body } = decodeMessage(RecordRequestSchema, bytes, maxMessageBytes)
  switch (body.case) {
    case 'push':
      return { kind: 'push', record: recordFromWire(body.value) }
    case 'fetch':
      return { kind: 'fetch', operator: fixedHex(body.value, ADDRESS_BYTES, 'RecordRequest.fetch') }
    default:
      throw malformed('RecordRequest.body', 'is missing or unknown')
  }
}

/** Throws `MESSAGE_TOO_LARGE` past 4 KiB. */
export function encodeRecordResponse(response: RecordResponse): Uint8Array {
  const body = responseToWire(response)
  return encodeMessage(RecordResponseSchema, { $typeName: 'witan.v1.RecordResponse', body }, maxMessageBytes)
}

/** Throws `MESSAGE_MALFORMED` or `MESSAGE_TOO_LARGE`. */
export function decodeRecordResponse(bytes: Uint8Array): RecordResponse {
  const { body } = decodeMessage(RecordResponseSchema, bytes, maxMessageBytes)
  switch (body.case) {
    case 'record':
      return { kind: 'record', record: recordFromWire(body.value) }
    case 'accepted':
      return { kind: 'accepted' }
    case 'notFound':
      return { kind: 'not-found' }
    case 'rejected': {
      const code = boundedText(body.value.code, maxFailureCodeBytes, 'RecordRejected.code')
      const message = boundedText(body.value.message, maxFailureMessageBytes, 'RecordRejected.message')
      return { kind: 'rejected', code, message }
    }
    default:
      throw malformed('RecordResponse.body', 'is missing or unknown')
  }
}

function responseToWire(response: RecordResponse): WireResponse['body'] {
  switch (response.kind) {
    case 'record':
      return { case: 'record', value: recordToWire(response.record) }
    case 'accepted':
      return { case: 'accepted', value: { $typeName: 'witan.v1.RecordAccepted' } }
    case 'not-found':
      return { case: 'notFound', value: { $typeName: 'witan.v1.RecordNotFound' } }
    case 'rejected': {
      const { code, message } = response
      return { case: 'rejected', value: { $typeName: 'witan.v1.RecordRejected', code, message } }
    }
  }
}

function recordToWire({ multiaddrs, seq, expiry, signature }: SignedRecord): WireRecord {
  return {
    $typeName: 'witan.v1.AddressRecord',
    multiaddrs: [...multiaddrs],
    seq: BigInt(seq),
    expiry: BigInt(expiry),
    signature: bytesOf(signature, SIGNATURE_BYTES),
  }
}

function recordFromWire({ multiaddrs, seq, expiry, signature }: WireRecord): SignedRecord {
  if (multiaddrs.length > maxMultiaddrs) throw tooLarge('AddressRecord.multiaddrs', multiaddrs.length, maxMultiaddrs)
  for (const multiaddr of multiaddrs) boundedText(multiaddr, maxMultiaddrBytes, 'AddressRecord.multiaddrs')
  return {
    multiaddrs,
    seq: safeCount(seq, 'AddressRecord.seq'),
    expiry: safeCount(expiry, 'AddressRecord.expiry'),
    signature: fixedHex(signature, SIGNATURE_BYTES, 'AddressRecord.signature'),
  }
}
