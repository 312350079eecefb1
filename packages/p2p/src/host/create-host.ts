import type { Clock, Logger } from '@witan/runtime'
import type { P2pMetrics } from '../metrics.js'
import type { Host } from './host.js'
import { DEFAULT_HOST_LIMITS, type HostLimits } from './host-limits.js'
import { OperatorHost } from './operator-host.js'

export interface HostOptions {
  /** Name of the network, part of every protocol id. */
  readonly networkName: string
  /** The operator's secp256k1 secret, 32 bytes: the identity on the network and on chain. */
  readonly privateKey: Uint8Array
  /** Multiaddrs to listen on, such as `/ip4/0.0.0.0/tcp/4001`; none for a host that only dials. */
  readonly listen: readonly string[]
  /** Multiaddrs to tell others in addition, such as the public side of a port mapping. */
  readonly announce?: readonly string[]
  readonly limits?: Partial<HostLimits>
}

export interface HostModules {
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: P2pMetrics
}

/**
 * The host of one operator. `start` throws `PORT_BUSY`, `ADDRESS_UNAVAILABLE` or `PEER_ADDRESS_INVALID` when it cannot
 * listen where it should.
 */
export function createHost(options: HostOptions, modules: HostModules): Host {
  const limits = { ...DEFAULT_HOST_LIMITS, ...options.limits }
  return new OperatorHost({ ...options, announce: options.announce ?? [], limits }, modules)
}
