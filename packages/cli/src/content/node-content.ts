import { createBlobServer } from '@witan/p2p'
import type { Random, Service } from '@witan/runtime'
import { bootstrapPeers, type NodeBase } from '../daemon/node.js'
import type { Folders, Sources } from '../daemon/obtain.js'
import { findContentPeers } from './content-peers.js'
import { createHeldContent } from './held-content.js'
import { createNodesOnly } from './nodes-only.js'
import { cacheFolders, withPeers } from './obtain-content.js'

export interface NodeContentOptions {
  readonly dataDir: string
  readonly netuid: number
  readonly folders: Folders
}

export interface NodeContent extends Sources {
  /** Hands out what this node has to other nodes. */
  readonly server: Service
}

/** What a node works with, from its folders and from other nodes, and what it hands out to them. */
export function openNodeContent(
  { dataDir, netuid, folders }: NodeContentOptions,
  { local, node, random }: { readonly local: Sources; readonly node: NodeBase; readonly random: Random },
): NodeContent {
  const { client, host, records, network, signer, clock, logger, p2pMetrics: metrics } = node
  const sources = withPeers(cacheFolders(dataDir), {
    local,
    host,
    clock,
    contentPeers: (signal) =>
      findContentPeers(
        {
          bootstrap: bootstrapPeers(network).filter(({ operator }) => operator !== signer.address),
          self: signer.address,
          neurons: () => client.subnets.neurons(netuid),
          resolve: (operator, resolving) => records.resolve(operator, resolving),
          random,
        },
        signal,
      ),
  })
  const held = createHeldContent(folders, { clock })
  const admit = createNodesOnly({ nodeOf: (operator) => client.vault.nodeOf(operator), clock })
  const server = createBlobServer({ host, clock, logger, metrics, find: held.find, admit })
  return { ...sources, server }
}
