import { createBlobServer } from '@witan/p2p'
import type { Address } from '@witan/protocol'
import type { Random, Service } from '@witan/runtime'
import { bootstrapPeers, type NodeBase } from '../daemon/node.js'
import type { Folders, Sources } from '../daemon/obtain.js'
import { findContentPeers } from './content-peers.js'
import { createHeldContent } from './held-content.js'
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
  const server = createBlobServer({ host, clock, logger, metrics, find: held.find, admit: nodesOnly(client.vault) })
  return { ...sources, server }
}

/** A node has its number for good, so an answer of yes is kept; a stranger's quota bounds how often the chain is asked. */
function nodesOnly(vault: { nodeOf(operator: Address): Promise<bigint | undefined> }) {
  const known = new Set<Address>()
  return async (operator: Address): Promise<boolean> => {
    if (known.has(operator)) return true
    const isNode = (await vault.nodeOf(operator)) !== undefined
    if (isNode) known.add(operator)
    return isNode
  }
}
