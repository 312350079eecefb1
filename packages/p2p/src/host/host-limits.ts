/** What strangers may cost a host before anybody knows who they are. */
export interface HostLimits {
  /** Connections in all. About 29 KiB of heap each while idle. */
  readonly maxConnections: number
  /** Connections with one peer: one each way, and one more each way while an old one dies. */
  readonly maxConnectionsPerPeer: number
  /**
   * New connections a second from one IP address. The library's 5 trips as soon as a dozen nodes share an address: a
   * local network, or machines behind one NAT that restart together.
   */
  readonly maxInboundPerAddressPerSecond: number
  /** Handshakes in progress in all, and from one IP address, so that one address cannot take every place. */
  readonly maxPendingHandshakes: number
  readonly maxPendingHandshakesPerAddress: number
  /** A handshake is six round trips; whoever takes longer holds a place for nothing. */
  readonly handshakeTimeoutMs: number
  /** One attempt to reach one address. */
  readonly dialTimeoutMs: number
  /** Broken frames after which a peer is disconnected and refused for a while. */
  readonly strikes: number
  readonly penaltyMs: number
}

export const DEFAULT_HOST_LIMITS: HostLimits = {
  maxConnections: 300,
  maxConnectionsPerPeer: 4,
  maxInboundPerAddressPerSecond: 64,
  maxPendingHandshakes: 64,
  maxPendingHandshakesPerAddress: 32,
  handshakeTimeoutMs: 5_000,
  dialTimeoutMs: 6_000,
  strikes: 3,
  penaltyMs: 60_000,
}

/** Streams of all protocols that one connection may open at a time: ours need at most a dozen. */
export const MAX_STREAMS_PER_CONNECTION = 64

/**
 * Receive window of a stream. It bounds what a paused stream still receives, so the library's read buffer must be larger
 * (by default its window grows to four times the buffer, and a pause kills the stream).
 */
export const MAX_STREAM_WINDOW_BYTES = 2 * 1024 * 1024
export const MAX_STREAM_BUFFER_BYTES = 2 * MAX_STREAM_WINDOW_BYTES

/** A silent peer is asked for a sign of life this often, and cut off when none comes. */
export const LIVENESS_INTERVAL_MS = 15_000
