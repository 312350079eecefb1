import { type Address, ERROR_CATALOG, type ErrorCode, WitanError } from '@witan/protocol'

/** A failure as a peer reports it. The text is a stranger's: it is kept as the cause and never shown by itself. */
export interface ReportedFailure {
  readonly code: string
  readonly message: string
  /** 0 when asking again does not help. */
  readonly retryAfterMs?: number
}

/** Longest text of a peer kept. */
const MAX_TEXT = 200

/** The error that a peer reported: its code where it is one of ours, in our own words; else `PEER_FAILED`. */
export function peerFailure({ code, message, retryAfterMs = 0 }: ReportedFailure, operator: Address): WitanError {
  const cause = new Error(`the peer said: ${JSON.stringify(message.slice(0, MAX_TEXT))}`)
  const facts = { operator, ...(retryAfterMs > 0 && { retryAfterMs }) }
  if (isKnown(code)) return new WitanError(code, ERROR_CATALOG[code].title.replace(/\.$/, ''), { facts, cause })
  const peerCode = code.replace(/[^A-Z0-9_]/g, '?').slice(0, MAX_TEXT)
  return new WitanError('PEER_FAILED', 'The peer could not answer', { facts: { ...facts, peerCode }, cause })
}

function isKnown(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_CATALOG, code)
}
