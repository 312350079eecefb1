const KIB = 1024
const MIB = 1024 * KIB

/** Lower-case letters, digits and inner hyphens: the `<net>` part of a protocol id, for example `local`. */
const NETWORK_NAME = /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/

export const isNetworkName = (text: string): boolean => NETWORK_NAME.test(text)

/** Signed address records between any node and the bootstrap peers: one request, one response a stream. */
export const RECORD_PROTOCOL = {
  id: (network: string): string => `/witan/${network}/record/1`,
  /** Sixteen multiaddrs of 200 bytes and a signature fit. */
  maxMessageBytes: 4 * KIB,
  /** A table look-up; whoever needs longer is ill. */
  timeoutMs: 5_000,
  /** A node asks for its whole metagraph at start: one stream a record, a few at once. */
  maxInboundStreams: 16,
  maxOutboundStreams: 16,
  /** TCP, QUIC and relay addresses on IPv4, IPv6 and DNS. */
  maxMultiaddrs: 16,
  maxMultiaddrBytes: 256,
} as const

/** What a miner offers: one request, one response a stream. */
export const DESCRIBE_PROTOCOL = {
  id: (network: string): string => `/witan/${network}/describe/1`,
  /** 64 models of 1 KiB. */
  maxMessageBytes: 64 * KIB,
  timeoutMs: 5_000,
  /** Open to strangers, so few. */
  maxInboundStreams: 4,
  maxOutboundStreams: 4,
  maxModels: 64,
  /** Bytes of one text field, for example the name of a device. */
  maxTextBytes: 128,
} as const

/** Files of models and documents of policies between nodes: one part a stream, resumed at any byte with any peer. */
export const BLOB_PROTOCOL = {
  id: (network: string): string => `/witan/${network}/blob/1`,
  /** A digest and an offset. */
  maxQuestionBytes: 64,
  maxPartBytes: MIB,
  /** A part with its size. */
  maxMessageBytes: MIB + 64,
  /** A part at the speed of a slow line: 0.5 Mbit/s. */
  timeoutMs: 20_000,
  /** A node fetches a part at a time of each file, and few versions and policies count at once. */
  maxInboundStreams: 4,
  maxOutboundStreams: 4,
} as const

/** Requests and answers, multiplexed by call on one long-lived stream. */
export const INFER_PROTOCOL = {
  id: (network: string): string => `/witan/${network}/infer/1`,
  /** The largest picture or tensor that a model of this network takes, with room. */
  maxInputBytes: 16 * MIB,
  /** Image tensors and long texts; a larger result belongs in a blob. */
  maxOutputBytes: 64 * MIB,
  /** A payload up to this size travels inside the request or the closing frame. */
  maxInlineBytes: 64 * KIB,
  /** Keeps other calls of the stream waiting for at most one Noise frame. */
  maxChunkBytes: 64 * KIB,
  /** An inline payload, sampling parameters, and 1 KiB of digests, proof and signature with room. */
  maxFrameBytes: 72 * KIB,
  /** Sampling parameters, seed, stop words. */
  maxSamplingBytes: 4 * KIB,
  /** A permanent code. */
  maxFailureCodeBytes: 64,
  maxFailureMessageBytes: 512,
  /** Bounds how long a miner must remember request ids, and how long a signed answer can be owed. */
  maxDeadlineMs: 10 * 60_000,
  /** Calls open at once for one peer; more are answered with `BUSY`. */
  maxInFlightPerPeer: 64,
  /** One long-lived stream for small calls, a second for large payloads, two spare while reconnecting. */
  maxInboundStreams: 4,
  maxOutboundStreams: 4,
  /** Bytes of one payload that its sender may have outstanding before the receiver grants more. */
  creditWindowBytes: MIB,
  /** The receiver grants credit again once this much was consumed: a quarter of the window keeps the sender busy. */
  creditGrantBytes: 256 * KIB,
  /** A stream without calls, frames and credit for so long is closed. Yamux drops it after 120 s anyway. */
  idleTimeoutMs: 110_000,
} as const
