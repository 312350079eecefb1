import { type ErrorFact, WitanError } from '../errors/witan-error.js'

/** @param where message and field, for example `InferRequest.nonce` */
export function malformed(
  where: string,
  what: string,
  facts: Record<string, ErrorFact> = {},
  cause?: unknown,
): WitanError {
  return new WitanError('MESSAGE_MALFORMED', `${where} ${what}`, { facts: { field: where, ...facts }, cause })
}

export function tooLarge(where: string, size: number, limit: number): WitanError {
  return new WitanError('MESSAGE_TOO_LARGE', `${where} is too large`, { facts: { field: where, size, limit } })
}
