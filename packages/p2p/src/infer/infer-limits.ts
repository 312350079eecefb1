import { INFER_PROTOCOL } from '@witan/protocol'

/** Bounds of the infer protocol that an operator may tighten; those of the wire are `INFER_PROTOCOL`. */
export interface InferLimits {
  readonly maxInputBytes: number
  readonly maxOutputBytes: number
  /** Calls of one peer in progress, from the request to the last byte of the answer. */
  readonly maxCallsPerPeer: number
  /** Payload bytes of one peer held in memory: inputs announced and outputs not yet taken. */
  readonly maxBytesPerPeer: number
  /** Payload bytes of all peers held in memory. */
  readonly maxBytes: number
  /** How far ahead a deadline may lie. */
  readonly maxDeadlineMs: number
  /** After this long a refused peer may try again. */
  readonly retryAfterMs: number
  /** How long `stop` waits for calls in progress. */
  readonly drainMs: number
}

const MIB = 1024 * 1024

export const DEFAULT_INFER_LIMITS: InferLimits = {
  maxInputBytes: INFER_PROTOCOL.maxInputBytes,
  maxOutputBytes: INFER_PROTOCOL.maxOutputBytes,
  maxCallsPerPeer: INFER_PROTOCOL.maxInFlightPerPeer,
  maxBytesPerPeer: 128 * MIB,
  maxBytes: 1024 * MIB,
  maxDeadlineMs: INFER_PROTOCOL.maxDeadlineMs,
  retryAfterMs: 250,
  drainMs: 10_000,
}

/** Answers queued for a peer that does not read them, above which no more is read from it. */
export const PAUSE_ABOVE_BYTES = MIB
