/** What one protocol may cost a host; every stream is held to it before its bytes are stored. */
export interface ProtocolBounds {
  readonly id: string
  /** Streams of this protocol that one connection may hold open at a time, each way. */
  readonly maxStreams: number
}

/** A protocol of one question and one answer a stream. */
export interface ExchangeBounds extends ProtocolBounds {
  readonly maxRequestBytes: number
  readonly maxReplyBytes: number
  /** From the opening of the stream to the last byte of the answer. */
  readonly timeoutMs: number
  /** Questions answered to one peer a minute. */
  readonly requestsPerMinute: number
}
