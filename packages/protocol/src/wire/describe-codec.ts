import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf'
import { hexToBytes } from '../bytes/hex.js'
import {
  DescribeRequestSchema,
  DescribeResponseSchema,
  type ModelOfferSchema,
  type ModelOffer as WireOffer,
} from '../generated/witan/v1/describe_pb.js'
import { DESCRIBE_PROTOCOL } from '../limits.js'
import type { Description, ModelOffer } from './describe-message.js'
import { amountFromBytes, boundedText, fixedHex } from './field-checks.js'
import { malformed, tooLarge } from './wire-error.js'
import { decodeMessage } from './wire-reader.js'
import { amountToBytes } from './wire-writer.js'

const { maxMessageBytes, maxModels, maxTextBytes } = DESCRIBE_PROTOCOL
const DIGEST_BYTES = 32

/** The question has no fields yet. */
export function encodeDescribeRequest(): Uint8Array {
  return toBinary(DescribeRequestSchema, create(DescribeRequestSchema))
}

/** Throws `MESSAGE_MALFORMED` or `MESSAGE_TOO_LARGE`. */
export function decodeDescribeRequest(bytes: Uint8Array): void {
  decodeMessage(bytes, maxMessageBytes, 'DescribeRequest', () => fromBinary(DescribeRequestSchema, bytes))
}

/** Throws `MESSAGE_TOO_LARGE` past 64 KiB. */
export function encodeDescription({ models, load, software }: Description): Uint8Array {
  const message = create(DescribeResponseSchema, { models: models.map(offerToWire), load: { ...load }, software })
  const bytes = toBinary(DescribeResponseSchema, message)
  if (bytes.length > maxMessageBytes) throw tooLarge('DescribeResponse', bytes.length, maxMessageBytes)
  return bytes
}

/** Throws `MESSAGE_MALFORMED` or `MESSAGE_TOO_LARGE`. */
export function decodeDescription(bytes: Uint8Array): Description {
  return decodeMessage(bytes, maxMessageBytes, 'DescribeResponse', () => {
    const { models, load, software } = fromBinary(DescribeResponseSchema, bytes)
    if (models.length > maxModels) throw tooLarge('DescribeResponse.models', models.length, maxModels)
    if (load === undefined) throw malformed('DescribeResponse.load', 'is missing')
    return {
      models: models.map(offerFromWire),
      load: { inFlight: load.inFlight, queued: load.queued, capacity: load.capacity },
      software: boundedText(software, maxTextBytes, 'DescribeResponse.software'),
    }
  })
}

function offerToWire(offer: ModelOffer): MessageInitShape<typeof ModelOfferSchema> {
  const { name, engine, device, precision, context, unitsPerSecond } = offer
  return {
    name,
    engine,
    device,
    precision,
    context,
    unitsPerSecond,
    version: hexToBytes(offer.version, DIGEST_BYTES),
    pricePerRequest: Uint8Array.from(amountToBytes(offer.pricePerRequest)),
    pricePerUnit: Uint8Array.from(amountToBytes(offer.pricePerUnit)),
    policy: hexToBytes(offer.policy, DIGEST_BYTES),
  }
}

function offerFromWire(offer: WireOffer): ModelOffer {
  const { context, unitsPerSecond } = offer
  if (!Number.isFinite(unitsPerSecond) || unitsPerSecond < 0) {
    throw malformed('ModelOffer.units_per_second', 'is not a rate', { value: unitsPerSecond })
  }
  return {
    version: fixedHex(offer.version, DIGEST_BYTES, 'ModelOffer.version'),
    name: boundedText(offer.name, maxTextBytes, 'ModelOffer.name'),
    engine: boundedText(offer.engine, maxTextBytes, 'ModelOffer.engine'),
    device: boundedText(offer.device, maxTextBytes, 'ModelOffer.device'),
    precision: boundedText(offer.precision, maxTextBytes, 'ModelOffer.precision'),
    context,
    pricePerRequest: amountFromBytes(offer.pricePerRequest, 'ModelOffer.price_per_request'),
    pricePerUnit: amountFromBytes(offer.pricePerUnit, 'ModelOffer.price_per_unit'),
    policy: fixedHex(offer.policy, DIGEST_BYTES, 'ModelOffer.policy'),
    unitsPerSecond,
  }
}
