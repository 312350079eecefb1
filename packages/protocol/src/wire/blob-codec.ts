import {
  BlobRequestSchema,
  BlobResponseSchema,
  type BlobResponse as WireResponse,
} from '../generated/witan/v1/blob_pb.js'
import { BLOB_PROTOCOL } from '../limits.js'
import type { BlobRequest, BlobResponse } from './blob-message.js'
import { decodeMessage } from './decode-message.js'
import { encodeMessage } from './encode-message.js'
import { boundedBytes, digestFrom, safeCount } from './fields-from-wire.js'
import { bytesOf } from './fields-to-wire.js'
import { malformed } from './wire-error.js'

const { maxPartBytes, maxMessageBytes, maxQuestionBytes } = BLOB_PROTOCOL

export function encodeBlobRequest({ digest, offset }: BlobRequest): Uint8Array {
  const message = { $typeName: 'witan.v1.BlobRequest', digest: bytesOf(digest), offset: BigInt(offset) } as const
  return encodeMessage(BlobRequestSchema, message, maxQuestionBytes)
}

/** Throws `MESSAGE_MALFORMED` or `MESSAGE_TOO_LARGE`. */
export function decodeBlobRequest(bytes: Uint8Array): BlobRequest {
  const { digest, offset } = decodeMessage(BlobRequestSchema, bytes, maxQuestionBytes)
  return { digest: digestFrom(digest, 'BlobRequest.digest'), offset: safeCount(offset, 'BlobRequest.offset') }
}

/** Throws `MESSAGE_TOO_LARGE` past 1 MiB of content. */
export function encodeBlobResponse(response: BlobResponse): Uint8Array {
  const body = responseToWire(response)
  return encodeMessage(BlobResponseSchema, { $typeName: 'witan.v1.BlobResponse', body }, maxMessageBytes)
}

/** Throws `MESSAGE_MALFORMED` or `MESSAGE_TOO_LARGE`. */
export function decodeBlobResponse(bytes: Uint8Array): BlobResponse {
  const { body } = decodeMessage(BlobResponseSchema, bytes, maxMessageBytes)
  switch (body.case) {
    case 'part':
      return {
        kind: 'part',
        size: safeCount(body.value.size, 'BlobPart.size'),
        content: boundedBytes(body.value.content, maxPartBytes, 'BlobPart.content'),
      }
    case 'notFound':
      return { kind: 'not-found' }
    case 'notAdmitted':
      return { kind: 'not-admitted' }
    default:
      throw malformed('BlobResponse.body', 'is missing or unknown')
  }
}

function responseToWire(response: BlobResponse): WireResponse['body'] {
  switch (response.kind) {
    case 'part': {
      const size = BigInt(response.size)
      const content = boundedBytes(response.content, maxPartBytes, 'BlobPart.content')
      return { case: 'part', value: { $typeName: 'witan.v1.BlobPart', size, content } }
    }
    case 'not-found':
      return { case: 'notFound', value: { $typeName: 'witan.v1.BlobNotFound' } }
    case 'not-admitted':
      return { case: 'notAdmitted', value: { $typeName: 'witan.v1.BlobNotAdmitted' } }
  }
}
