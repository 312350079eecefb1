import type { Hex } from '../bytes/hex.js'
import { INFER_PROTOCOL } from '../limits.js'
import type { InferRequest } from './infer-frame.js'
import { bytesTag, varintTag } from './tag.js'
import { malformed, tooLarge } from './wire-error.js'
import type { WireReader } from './wire-reader.js'
import type { WireWriter } from './wire-writer.js'

// Field numbers of InferRequest in proto/witan/v1/infer.proto.
const NONCE = bytesTag(1)
const NETUID = varintTag(2)
const MODEL_VERSION = bytesTag(3)
const POLICY = bytesTag(4)
const DEADLINE = varintTag(5)
const SAMPLING = bytesTag(6)
const MAX_PRICE = bytesTag(7)
const INPUT_LENGTH = varintTag(8)
const INPUT = bytesTag(9)

const MAX_NETUID = 0xffff
const { maxInlineBytes, maxInputBytes, maxSamplingBytes } = INFER_PROTOCOL
const EMPTY = new Uint8Array(0)

export function writeInferRequest(writer: WireWriter, request: InferRequest): void {
  writer
    .digest(NONCE, request.nonce)
    .count32(NETUID, request.netuid)
    .digest(MODEL_VERSION, request.modelVersion)
    .digest(POLICY, request.policy)
    .count64(DEADLINE, request.deadline)
    .payload(SAMPLING, request.sampling)
    .amount(MAX_PRICE, request.maxPrice)
    .count32(INPUT_LENGTH, request.inputLength)
    .payload(INPUT, request.input)
}

export function readInferRequest(reader: WireReader, end: number): InferRequest {
  let nonce: Hex | undefined
  let modelVersion: Hex | undefined
  let policy: Hex | undefined
  let netuid = 0
  let deadline = 0
  let sampling: Uint8Array = EMPTY
  let maxPrice = 0n
  let inputLength = 0
  let input: Uint8Array = EMPTY
  while (reader.pos < end) {
    const tag = reader.uint32()
    switch (tag) {
      case NONCE:
        nonce = reader.digest('InferRequest.nonce')
        break
      case NETUID:
        netuid = reader.uint32()
        break
      case MODEL_VERSION:
        modelVersion = reader.digest('InferRequest.model_version')
        break
      case POLICY:
        policy = reader.digest('InferRequest.policy')
        break
      case DEADLINE:
        deadline = reader.count64('InferRequest.deadline')
        break
      case SAMPLING:
        sampling = reader.payload(maxSamplingBytes, 'InferRequest.sampling')
        break
      case MAX_PRICE:
        maxPrice = reader.amount('InferRequest.max_price')
        break
      case INPUT_LENGTH:
        inputLength = reader.uint32()
        break
      case INPUT:
        input = reader.payload(maxInlineBytes, 'InferRequest.input')
        break
      default:
        reader.skipField(tag)
    }
  }
  reader.expectEnd(end, 'InferRequest')
  if (netuid > MAX_NETUID) throw malformed('InferRequest.netuid', 'is not a uint16', { netuid })
  checkInput(inputLength, input)
  return {
    nonce: reader.required(nonce, 'InferRequest.nonce'),
    netuid,
    modelVersion: reader.required(modelVersion, 'InferRequest.model_version'),
    policy: reader.required(policy, 'InferRequest.policy'),
    deadline,
    sampling,
    maxPrice,
    inputLength,
    input,
  }
}

/** An input that fits travels inline and whole; a larger one follows as chunks. */
function checkInput(inputLength: number, input: Uint8Array): void {
  if (inputLength > maxInputBytes) throw tooLarge('InferRequest.input_length', inputLength, maxInputBytes)
  const inline = inputLength <= maxInlineBytes ? inputLength : 0
  if (input.length !== inline) {
    throw malformed('InferRequest.input', 'does not have the announced length', {
      length: input.length,
      expected: inline,
    })
  }
}
