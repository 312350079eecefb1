import type { ChainClient } from '@witan/chain'
import { type Address, WitanError } from '@witan/protocol'
import type { NodeReference } from '../command/parse.js'

/** Throws `UNREGISTERED_OPERATOR` for a key that never served a node. */
export async function nodeOf(client: ChainClient, operator: Address): Promise<bigint> {
  const nodeId = await client.vault.nodeOf(operator)
  if (nodeId !== undefined) return nodeId
  throw new WitanError('UNREGISTERED_OPERATOR', 'The operator was never registered', { facts: { operator } })
}

export async function resolveNode(client: ChainClient, reference: NodeReference): Promise<bigint> {
  return 'nodeId' in reference ? reference.nodeId : nodeOf(client, reference.operator)
}
