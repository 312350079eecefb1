import { WitanError } from '@witan/protocol'

export function corruptImage(reason: string, cause?: unknown): WitanError {
  return new WitanError('IMAGE_CORRUPT', 'The image is damaged', { facts: { reason }, cause })
}

export function unsupportedImage(reason: string): WitanError {
  return new WitanError('IMAGE_FORMAT', 'The image is not in a supported format', { facts: { reason } })
}
