import { ERROR_CATALOG, type ErrorCode, type ErrorFact, isWitanError, WitanError } from '@witan/protocol'

interface StoredRefusal {
  readonly code: ErrorCode
  readonly message: string
  readonly facts: Readonly<Record<string, ErrorFact>>
  readonly next: string
}

/** Whether the endpoint, not the intent, is at fault: then the intent stays queued. */
export function isPassing(error: unknown): boolean {
  return (
    isWitanError(error, 'RPC_UNAVAILABLE') || isWitanError(error, 'DEADLINE_EXCEEDED') || isWitanError(error, 'BUSY')
  )
}

/** The error of an intent that ended before it was sent, as the journal keeps it. */
export function writeRefusal(error: unknown): string {
  const { code, message, facts, next } = isWitanError(error)
    ? error
    : new WitanError('CONTRACT_REVERTED', 'The intent cannot be signed', { facts: { reason: String(error) } })
  return JSON.stringify({ code, message, facts, next }, (_, value) => (typeof value === 'bigint' ? `${value}` : value))
}

export function readRefusal(text: string | null): WitanError {
  const { code, message, facts, next } = JSON.parse(text ?? '{}') as Partial<StoredRefusal>
  const known = code !== undefined && code in ERROR_CATALOG ? code : 'CONTRACT_REVERTED'
  return new WitanError(known, message ?? 'The intent was refused', {
    facts: facts ?? {},
    ...(next !== undefined && { next }),
  })
}
