import { noise } from '@chainsafe/libp2p-noise'
import type { PrivateKey, Stream } from '@libp2p/interface'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import type { Test } from 'tap'

export interface LibraryNode {
  readonly address: string
  /** Opens a stream of a protocol; the caller owns it. */
  request(address: string, protocol: string): Promise<Stream>
}

/** A bare libp2p node, as a stranger would bring it: none of our bounds, any kind of key. */
export async function createLibraryNode(t: Test, { privateKey }: { privateKey: PrivateKey }): Promise<LibraryNode> {
  const node = await createLibp2p({
    privateKey,
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
  })
  t.teardown(() => node.stop())
  return {
    address: node.getMultiaddrs()[0]!.toString(),
    async request(address, protocol) {
      const connection = await node.dial(multiaddr(address))
      return connection.newStream(protocol)
    },
  }
}
