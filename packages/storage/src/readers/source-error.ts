import { type ErrorFact, WitanError } from '@witan/protocol'

/** A source does not follow its format. */
export function malformed(
  source: string,
  reason: string,
  facts: Record<string, ErrorFact> = {},
  cause?: unknown,
): WitanError {
  return new WitanError('DATASET_SOURCE_MALFORMED', 'A source does not follow its format', {
    facts: { source, reason, ...facts },
    ...(cause !== undefined && { cause }),
  })
}

/** A file cannot be opened or read. */
export function unreadable(source: string, cause: unknown): WitanError {
  const reason = (cause as NodeJS.ErrnoException).code ?? (cause as Error).message
  return new WitanError('DATASET_SOURCE_MISSING', 'A source cannot be read', { facts: { source, reason }, cause })
}
