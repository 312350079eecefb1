import {
  DescribeRequestSchema,
  DescribeResponseSchema,
  type ModelOffer as WireOffer,
} from '../generated/witan/v1/describe_pb.js'
import { DESCRIBE_PROTOCOL } from '../limits.js'
import { decodeMessage } from './decode-message.js'
import type { Description, ModelOffer } from './describe-message.js'
import { encodeMessage } from './encode-message.js'
import { amountFromBytes, boundedText, digestFrom, required } from './fields-from-wire.js'
import { amountBytes, bytesOf } from './fields-to-wire.js'
import { malformed, tooLarge } from './wire-error.js'

const { maxMessageBytes, maxModels, maxTextBytes } = DESCRIBE_PROTOCOL

/** The question has no fields yet. */
export function encodeDescribeRequest(): Uint8Array {
  return encodeMessage(DescribeRequestSchema, { $typeName: 'witan.v1.DescribeRequest' }, maxMessageBytes)
}

/** Throws `MESSAGE_MALFORMED` or `MESSAGE_TOO_LARGE`. */
export function decodeDescribeRequest(bytes: Uint8Array): void {
  decodeMessage(DescribeRequestSchema, bytes, maxMessageBytes)
}

/** Throws `MESSAGE_TOO_LARGE` past 64 KiB. */
export function encodeDescription({ models, load, software }: Description): Uint8Array {
  const message = {
    $typeName: 'witan.v1.DescribeResponse' as const,
    models: models.map(offerToWire),
    load: { $typeName: 'witan.v1.Load' as const, ...load },
    software,
  }
  return encodeMessage(DescribeResponseSchema, message, maxMessageBytes)
}

/** Throws `MESSAGE_MALFORMED` or `MESSAGE_TOO_LARGE`. */
export function decodeDescription(bytes: Uint8Array): Description {
  const { models, load, software } = decodeMessage(DescribeResponseSchema, bytes, maxMessageBytes)
  if (models.length > maxModels) throw tooLarge('DescribeResponse.models', models.length, maxModels)
  const { inFlight, queued, capacity } = required(load, 'DescribeResponse.load')
  return {
    models: models.map(offerFromWire),
    load: { inFlight, queued, capacity },
    software: boundedText(software, maxTextBytes, 'DescribeResponse.software'),
  }
}

function offerToWire(offer: ModelOffer): WireOffer {
  const { name, engine, device, precision, context, unitsPerSecond } = offer
  return {
    $typeName: 'witan.v1.ModelOffer',
    name,
    engine,
    device,
    precision,
    context,
    unitsPerSecond,
    version: bytesOf(offer.version),
    pricePerRequest: amountBytes(offer.pricePerRequest),
    pricePerUnit: amountBytes(offer.pricePerUnit),
    policy: bytesOf(offer.policy),
  }
}

function offerFromWire(offer: WireOffer): ModelOffer {
  const { context, unitsPerSecond } = offer
  if (!Number.isFinite(unitsPerSecond) || unitsPerSecond < 0) {
    throw malformed('ModelOffer.units_per_second', 'is not a rate', { value: unitsPerSecond })
  }
  return {
    version: digestFrom(offer.version, 'ModelOffer.version'),
    name: boundedText(offer.name, maxTextBytes, 'ModelOffer.name'),
    engine: boundedText(offer.engine, maxTextBytes, 'ModelOffer.engine'),
    device: boundedText(offer.device, maxTextBytes, 'ModelOffer.device'),
    precision: boundedText(offer.precision, maxTextBytes, 'ModelOffer.precision'),
    context,
    pricePerRequest: amountFromBytes(offer.pricePerRequest, 'ModelOffer.price_per_request'),
    pricePerUnit: amountFromBytes(offer.pricePerUnit, 'ModelOffer.price_per_unit'),
    policy: digestFrom(offer.policy, 'ModelOffer.policy'),
    unitsPerSecond,
  }
}
