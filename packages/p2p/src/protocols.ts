import { BLOB_PROTOCOL, DESCRIBE_PROTOCOL, INFER_PROTOCOL, RECORD_PROTOCOL } from '@witan/protocol'

/** What one protocol may cost a host; every stream is held to it before its bytes are stored. */
export interface ProtocolBounds {
  readonly id: string
  /** Streams of this protocol that one connection may hold open at a time, each way. */
  readonly maxInboundStreams: number
  readonly maxOutboundStreams: number
}

/** A protocol of one question and one answer a stream. */
export interface ExchangeBounds extends ProtocolBounds {
  readonly maxMessageBytes: number
  /** Of a question where answers are larger. */
  readonly maxQuestionBytes?: number
  /** From the opening of the stream to the last byte of the answer. */
  readonly timeoutMs: number
  /** Questions answered to one peer a minute. */
  readonly requestsPerMinute: number
  /** Answers being made or sent at a time, to all peers; without bound where they are small. */
  readonly maxAnswersAtOnce?: number
}

/** The bounds of single calls are `InferLimits`. */
export function inferProtocol(networkName: string): ProtocolBounds {
  return { ...INFER_PROTOCOL, id: INFER_PROTOCOL.id(networkName) }
}

/** A node asks once for each node of its metagraph when it starts, and pushes one record of its own. */
export function recordProtocol(networkName: string): ExchangeBounds {
  return { ...RECORD_PROTOCOL, id: RECORD_PROTOCOL.id(networkName), requestsPerMinute: 600 }
}

/** A description changes by the minute. */
export function describeProtocol(networkName: string): ExchangeBounds {
  return { ...DESCRIBE_PROTOCOL, id: DESCRIBE_PROTOCOL.id(networkName), requestsPerMinute: 60 }
}

/** 600 parts a minute are 10 MiB a second to one peer. Peers that read slowly keep a part each in memory. */
export function blobProtocol(networkName: string): ExchangeBounds {
  return { ...BLOB_PROTOCOL, id: BLOB_PROTOCOL.id(networkName), requestsPerMinute: 600, maxAnswersAtOnce: 64 }
}
