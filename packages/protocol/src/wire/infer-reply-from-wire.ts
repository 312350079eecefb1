import type {
  Chunk as WireChunk,
  Closing as WireClosing,
  Credit as WireCredit,
  Failure as WireFailure,
} from '../generated/witan/v1/infer_pb.js'
import { INFER_PROTOCOL } from '../limits.js'
import { boundedBytes, boundedText, required } from './fields-from-wire.js'
import type { Chunk, Closing, Credit, Failure } from './infer-frame.js'
import { signedReceiptFromWire } from './receipt-from-wire.js'
import { malformed } from './wire-error.js'

const FAILURE_CODE_FORM = /^[A-Z][A-Z0-9_]*$/
const { maxChunkBytes, maxFailureCodeBytes, maxFailureMessageBytes, maxInlineBytes } = INFER_PROTOCOL

export function chunkFromWire({ data }: WireChunk): Chunk {
  if (data.length === 0) throw malformed('Chunk.data', 'is empty')
  return { data: boundedBytes(data, maxChunkBytes, 'Chunk.data') }
}

export function closingFromWire({ output, timing, receipt }: WireClosing): Closing {
  const { queueMs, firstMs, totalMs } = required(timing, 'Closing.timing')
  return {
    ...(output !== undefined && { output: boundedBytes(output, maxInlineBytes, 'Closing.output') }),
    timing: { queueMs, firstMs, totalMs },
    receipt: signedReceiptFromWire(required(receipt, 'Closing.receipt')),
  }
}

export function failureFromWire({ code, message, retryAfterMs }: WireFailure): Failure {
  boundedText(code, maxFailureCodeBytes, 'Failure.code')
  if (!FAILURE_CODE_FORM.test(code)) throw malformed('Failure.code', 'is not an error code')
  return { code, message: boundedText(message, maxFailureMessageBytes, 'Failure.message'), retryAfterMs }
}

export function creditFromWire({ bytes }: WireCredit): Credit {
  if (bytes === 0) throw malformed('Credit.bytes', 'is zero')
  return { bytes }
}
