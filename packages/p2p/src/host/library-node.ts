import { noise } from '@chainsafe/libp2p-noise'
import { identify } from '@libp2p/identify'
import type { ConnectionGater, Libp2p, PrivateKey } from '@libp2p/interface'
import { ping } from '@libp2p/ping'
import type { Logger } from '@witan/runtime'
import { createLibp2p } from 'libp2p'
import type { P2pMetrics } from '../metrics.js'
import { guardedTcp } from './guarded-transport.js'
import {
  type HostLimits,
  LIVENESS_INTERVAL_MS,
  MAX_STREAM_BUFFER_BYTES,
  MAX_STREAM_WINDOW_BYTES,
  MAX_STREAMS_PER_CONNECTION,
} from './host-limits.js'
import { createLibraryLogger } from './library-logger.js'
import { thriftyYamux } from './thrifty-yamux.js'

export interface LibraryNodeOptions {
  readonly privateKey: PrivateKey
  readonly listen: readonly string[]
  readonly announce: readonly string[]
  readonly limits: HostLimits
}

export interface LibraryNodeModules {
  readonly gate: ConnectionGater
  readonly logger: Logger
  readonly metrics: P2pMetrics
  onListenError(error: unknown): void
}

/** The libp2p node with every default that matters here decided; not started. */
export function createLibraryNode(options: LibraryNodeOptions, modules: LibraryNodeModules): Promise<Libp2p> {
  const { limits } = options
  return createLibp2p({
    start: false,
    privateKey: options.privateKey,
    nodeInfo: { name: 'witan', version: '1' },
    addresses: { listen: [...options.listen], appendAnnounce: [...options.announce] },
    transports: [guardedTcp(limits, modules)],
    connectionEncrypters: [noise()],
    streamMuxers: [
      thriftyYamux({
        maxInboundStreams: MAX_STREAMS_PER_CONNECTION,
        maxOutboundStreams: MAX_STREAMS_PER_CONNECTION,
        streamOptions: { maxStreamWindowSize: MAX_STREAM_WINDOW_BYTES, maxReadBufferLength: MAX_STREAM_BUFFER_BYTES },
      }),
    ],
    services: { identify: identify({ runOnConnectionOpen: false }), ping: ping() },
    connectionGater: modules.gate,
    connectionManager: {
      maxConnections: limits.maxConnections,
      inboundConnectionThreshold: limits.maxInboundPerAddressPerSecond,
      maxIncomingPendingConnections: limits.maxPendingHandshakes,
      inboundUpgradeTimeout: limits.handshakeTimeoutMs,
      inboundStreamProtocolNegotiationTimeout: limits.handshakeTimeoutMs,
      // Whom to keep a connection with is the caller's decision: every open states whom it wants.
      reconnectRetries: 0,
    },
    connectionMonitor: { pingInterval: LIVENESS_INTERVAL_MS },
    logger: createLibraryLogger(modules.logger),
  })
}
