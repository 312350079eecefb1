import type { CreateListenerOptions, Listener, MultiaddrConnection, Transport, Upgrader } from '@libp2p/interface'
import { type TCPComponents, tcp } from '@libp2p/tcp'
import type { Multiaddr } from '@multiformats/multiaddr'
import { listenErrorOf } from '@witan/runtime'
import type { Uint8ArrayList } from 'uint8arraylist'
import type { P2pMetrics } from '../metrics.js'

export interface GuardedTransportOptions {
  readonly maxPendingHandshakesPerAddress: number
  readonly maxConnections: number
}

export interface GuardedTransportModules {
  readonly metrics: Pick<P2pMetrics, 'handshakes'>
  /** The library reports a failed listen as text; this keeps the error itself. */
  onListenError(error: unknown): void
}

/** Pieces up to this size in all go to the socket as one write, so as one segment and one system call. */
const MERGE_BYTES = 16 * 1024

/** TCP that counts handshakes, bounds them for each address, and keeps the pieces of one message in one write. */
export function guardedTcp(options: GuardedTransportOptions, modules: GuardedTransportModules) {
  return (components: TCPComponents): Transport => {
    const transport = tcp({ maxConnections: options.maxConnections })(components)
    const { dial, createListener } = transport
    const outbound = (upgrader: Upgrader): Upgrader =>
      extend(upgrader, {
        upgradeOutbound: (connection: MultiaddrConnection, init: never) =>
          upgrader.upgradeOutbound(mergeWrites(connection), init),
      })
    return extend(transport, {
      dial: (address: Multiaddr, init: Parameters<Transport['dial']>[1]) =>
        dial.call(transport, address, { ...init, upgrader: outbound(init.upgrader) }),
      createListener: (init: CreateListenerOptions) =>
        watchListener(
          createListener.call(transport, { ...init, upgrader: guardInbound(init.upgrader, options, modules) }),
          modules.onListenError,
        ),
    })
  }
}

function guardInbound(
  upgrader: Upgrader,
  { maxPendingHandshakesPerAddress }: GuardedTransportOptions,
  { metrics }: GuardedTransportModules,
): Upgrader {
  const pending = new Map<string, number>()
  const upgradeInbound = async (connection: MultiaddrConnection, init: never) => {
    const host = hostOf(connection.remoteAddr)
    const before = pending.get(host) ?? 0
    if (before >= maxPendingHandshakesPerAddress) {
      metrics.handshakes.increment({ result: 'refused' })
      throw new Error('too many handshakes from one address')
    }
    pending.set(host, before + 1)
    try {
      await upgrader.upgradeInbound(mergeWrites(connection), init)
      metrics.handshakes.increment({ result: 'completed' })
    } catch (error) {
      metrics.handshakes.increment({ result: 'failed' })
      throw error
    } finally {
      const left = (pending.get(host) ?? 1) - 1
      if (left === 0) pending.delete(host)
      else pending.set(host, left)
    }
  }
  return extend(upgrader, { upgradeInbound })
}

function watchListener(listener: Listener, onError: (error: unknown) => void): Listener {
  const { listen } = listener
  listener.listen = async (address) => {
    try {
      await listen.call(listener, address)
    } catch (error) {
      onError(listenErrorOf(error, { host: hostOf(address), port: portOf(address) }))
      throw error
    }
  }
  return listener
}

/** Encryption emits a length, pieces and a tag; each would become its own packet, for the delay of small ones is off. */
function mergeWrites(connection: MultiaddrConnection): MultiaddrConnection {
  const { send } = connection
  connection.send = (data: Uint8Array | Uint8ArrayList) =>
    send.call(connection, data instanceof Uint8Array || data.byteLength > MERGE_BYTES ? data : data.subarray())
  return connection
}

function hostOf(address: Multiaddr): string {
  return address.getComponents()[0]?.value ?? ''
}

function portOf(address: Multiaddr): number {
  return Number(address.getComponents().find((component) => component.name === 'tcp')?.value ?? 0)
}

/** The same object with some methods replaced; everything else, private fields too, stays the original's. */
function extend<T extends object>(original: T, overrides: Partial<Record<keyof T, unknown>>): T {
  return new Proxy(original, {
    get(target, name) {
      if (Object.hasOwn(overrides, name)) return overrides[name as keyof T]
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
