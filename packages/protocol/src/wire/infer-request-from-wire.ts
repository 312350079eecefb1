import { SIGNATURE_BYTES } from '../crypto/signature.js'
import type { InferRequest as WireRequest, SignedVoucher as WireVoucher } from '../generated/witan/v1/infer_pb.js'
import { INFER_PROTOCOL } from '../limits.js'
import type { SignedVoucher } from '../receipts/voucher.js'
import { amountFromBytes, boundedBytes, digestFrom, fixedHex, safeCount } from './fields-from-wire.js'
import type { InferRequest } from './infer-frame.js'
import { malformed, tooLarge } from './wire-error.js'

export const MAX_NETUID = 0xffff
const { maxInlineBytes, maxInputBytes, maxSamplingBytes } = INFER_PROTOCOL

export function requestFromWire(request: WireRequest): InferRequest {
  const { netuid, inputLength, input } = request
  if (netuid > MAX_NETUID) throw malformed('InferRequest.netuid', 'is not a uint16', { netuid })
  checkInput(inputLength, input)
  return {
    nonce: digestFrom(request.nonce, 'InferRequest.nonce'),
    netuid,
    modelVersion: digestFrom(request.modelVersion, 'InferRequest.model_version'),
    policy: digestFrom(request.policy, 'InferRequest.policy'),
    deadline: safeCount(request.deadline, 'InferRequest.deadline'),
    sampling: boundedBytes(request.sampling, maxSamplingBytes, 'InferRequest.sampling'),
    maxPrice: amountFromBytes(request.maxPrice, 'InferRequest.max_price'),
    inputLength,
    input,
    ...(request.voucher !== undefined && { voucher: voucherFromWire(request.voucher) }),
  }
}

function voucherFromWire(wire: WireVoucher): SignedVoucher {
  return {
    voucher: {
      channelId: digestFrom(wire.channelId, 'SignedVoucher.channel_id'),
      cumulative: amountFromBytes(wire.cumulative, 'SignedVoucher.cumulative'),
      receiptDigest: digestFrom(wire.receiptDigest, 'SignedVoucher.receipt_digest'),
    },
    signature: fixedHex(wire.signature, SIGNATURE_BYTES, 'SignedVoucher.signature'),
  }
}

/** Bytes of an input that travel inside the request: one that fits is whole, a larger one follows as chunks. */
export function inlineLength(inputLength: number): number {
  return inputLength <= maxInlineBytes ? inputLength : 0
}

function checkInput(inputLength: number, input: Uint8Array): void {
  if (inputLength > maxInputBytes) throw tooLarge('InferRequest.input_length', inputLength, maxInputBytes)
  boundedBytes(input, maxInlineBytes, 'InferRequest.input')
  const expected = inlineLength(inputLength)
  if (input.length !== expected) {
    throw malformed('InferRequest.input', 'does not have the announced length', { length: input.length, expected })
  }
}
