import { toBinary } from '@bufbuild/protobuf'
import { SIGNATURE_BYTES } from '../src/crypto/signature.js'
import {
  InferFrameSchema,
  type Closing as WireClosing,
  type Failure as WireFailure,
  type InferFrame as WireFrame,
  type InferRequest as WireRequest,
} from '../src/generated/witan/v1/infer_pb.js'
import type {
  Receipt as WireReceipt,
  SignedReceipt as WireSignedReceipt,
} from '../src/generated/witan/v1/receipt_pb.js'
import { INFER_PROTOCOL } from '../src/limits.js'
import type { Receipt, SignedReceipt } from '../src/receipts/receipt.js'
import { amountBytes, bytesOf, cutText } from '../src/wire/fields-to-wire.js'
import type { Closing, Failure, InferFrame, InferRequest } from '../src/wire/infer-frame.js'

/** A frame as the generated code writes it: what the one written by hand is held against. */
export function encodeGenerated(frame: InferFrame): Uint8Array {
  return toBinary(InferFrameSchema, {
    $typeName: 'witan.v1.InferFrame',
    call: frame.call,
    body: bodyToWire(frame),
  })
}

function bodyToWire(frame: InferFrame): WireFrame['body'] {
  switch (frame.kind) {
    case 'request':
      return { case: 'request', value: requestToWire(frame.body) }
    case 'chunk':
      return { case: 'chunk', value: { $typeName: 'witan.v1.Chunk', data: frame.body.data } }
    case 'closing':
      return { case: 'closing', value: closingToWire(frame.body) }
    case 'failure':
      return { case: 'failure', value: failureToWire(frame.body) }
    case 'cancel':
      return { case: 'cancel', value: { $typeName: 'witan.v1.Cancel' } }
    case 'credit':
      return { case: 'credit', value: { $typeName: 'witan.v1.Credit', bytes: frame.body.bytes } }
  }
}

export function requestToWire(request: InferRequest): WireRequest {
  return {
    $typeName: 'witan.v1.InferRequest',
    nonce: bytesOf(request.nonce),
    netuid: request.netuid,
    modelVersion: bytesOf(request.modelVersion),
    policy: bytesOf(request.policy),
    deadline: BigInt(request.deadline),
    sampling: request.sampling,
    maxPrice: amountBytes(request.maxPrice),
    inputLength: request.inputLength,
    input: request.input,
    ...(request.voucher !== undefined && {
      voucher: {
        $typeName: 'witan.v1.SignedVoucher' as const,
        channelId: bytesOf(request.voucher.voucher.channelId),
        cumulative: amountBytes(request.voucher.voucher.cumulative),
        receiptDigest: bytesOf(request.voucher.voucher.receiptDigest),
        signature: bytesOf(request.voucher.signature, 65),
      },
    }),
  }
}

export function closingToWire({ output, timing, receipt }: Closing): WireClosing {
  return {
    $typeName: 'witan.v1.Closing',
    ...(output !== undefined && { output }),
    timing: { $typeName: 'witan.v1.Timing', ...timing },
    receipt: signedReceiptToWire(receipt),
  }
}

function failureToWire({ code, message, retryAfterMs }: Failure): WireFailure {
  const text = cutText(message, INFER_PROTOCOL.maxFailureMessageBytes)
  return { $typeName: 'witan.v1.Failure', code, message: text, retryAfterMs }
}

function signedReceiptToWire({ receipt, proof, batch }: SignedReceipt): WireSignedReceipt {
  return {
    $typeName: 'witan.v1.SignedReceipt',
    receipt: receiptToWire(receipt),
    proof: proof.map((sibling) => bytesOf(sibling)),
    batch: {
      $typeName: 'witan.v1.ReceiptBatch',
      root: bytesOf(batch.root),
      count: batch.count,
      signature: bytesOf(batch.signature, SIGNATURE_BYTES),
    },
  }
}

function receiptToWire(receipt: Receipt): WireReceipt {
  return {
    $typeName: 'witan.v1.Receipt',
    requestDigest: bytesOf(receipt.requestDigest),
    responseDigest: bytesOf(receipt.responseDigest),
    evidenceDigest: bytesOf(receipt.evidenceDigest),
    modelVersion: bytesOf(receipt.modelVersion),
    policy: bytesOf(receipt.policy),
    units: BigInt(receipt.units),
    price: amountBytes(receipt.price),
    channel: bytesOf(receipt.channel),
    startedAt: BigInt(receipt.startedAt),
    finishedAt: BigInt(receipt.finishedAt),
  }
}
