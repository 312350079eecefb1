import type { Address } from '@witan/protocol'
import type { Clock } from '@witan/runtime'

/** A stranger is looked up again after so long: soon enough for who has just become a node, seldom enough for an endpoint. */
const STRANGER_MS = 10_000
/** Strangers remembered; each needs a key and a handshake. */
const MAX_STRANGERS = 1_024

interface NodesOnlyModules {
  nodeOf(operator: Address): Promise<bigint | undefined>
  readonly clock: Pick<Clock, 'monotonicMs'>
}

/** Admits the nodes of the network. A node has its number for good, so an answer of yes is kept. */
export function createNodesOnly({ nodeOf, clock }: NodesOnlyModules): (operator: Address) => Promise<boolean> {
  const known = new Set<Address>()
  const strangers = new Map<Address, number>()
  return async (operator) => {
    if (known.has(operator)) return true
    if ((strangers.get(operator) ?? Number.NEGATIVE_INFINITY) > clock.monotonicMs()) return false
    const isNode = (await nodeOf(operator)) !== undefined
    if (isNode) known.add(operator)
    else {
      if (strangers.size >= MAX_STRANGERS) strangers.clear()
      strangers.set(operator, clock.monotonicMs() + STRANGER_MS)
    }
    return isNode
  }
}
