import type { ChainClient } from '@witan/chain'
import {
  type Address,
  createDomain,
  createReceiptVerifier,
  type Domain,
  type Evidence,
  type Fault,
  type FoundFaults,
  findFaults,
  isWitanError,
  type SignedReceipt,
} from '@witan/protocol'
import { forEachOf } from '@witan/runtime'

export type FaultChain = Pick<ChainClient, 'court' | 'vault' | 'network' | 'latestBlock'>

export interface NewFaults extends FoundFaults {
  /** Faults of which the node was accused before, by whomever. */
  readonly known: number
}

/** The faults that the evidence proves now, that nobody was accused of yet and that the court has room for. */
export async function findNewFaults(
  evidence: readonly Evidence[],
  chain: FaultChain,
  signal: AbortSignal,
): Promise<NewFaults> {
  const { court, network } = chain
  const domain = createDomain({ chainId: network.chainId, verifyingContract: network.contracts.subnets })
  const receipts = evidence.map(({ signed }) => signed)
  const requests = evidence.map(({ request }) => request)
  const keys = new Set([...requests.map(({ miner }) => miner), ...signersOf(receipts, domain)])
  const [{ timestamp }, unbondingSeconds, recordOf] = await Promise.all([
    chain.latestBlock(signal),
    chain.vault.unbondingSeconds({ signal }),
    askedFor(keys, (key) => court.keyRecord(key, { signal })),
  ])
  const found = findFaults(receipts, requests, {
    domain,
    keyRecord: (key) => recordOf.get(key)!,
    nowSeconds: timestamp,
    unbondingSeconds,
  })
  const digests = found.faults.map(({ requestDigest }) => requestDigest)
  const accused = await askedFor(new Set(digests), (digest) => court.accusationOf(digest, { signal }))
  const unknown = found.faults.filter(({ requestDigest }) => accused.get(requestDigest) === undefined)
  const room = await askedFor(new Set(unknown.map(({ nodeId }) => nodeId)), (id) => court.roomFor(id, { signal }))
  const faults = unknown.filter(({ nodeId }) => takePlace(room, nodeId))
  const ahead = found.ahead + unknown.length - faults.length
  return { ...found, faults, ahead, known: found.faults.length - unknown.length }
}

/** The evidence is as long as whoever wrote it liked: a few questions to the chain at a time. */
async function askedFor<Key, Value>(
  keys: ReadonlySet<Key>,
  ask: (key: Key) => Promise<Value>,
): Promise<Map<Key, Value>> {
  const answers = new Map<Key, Value>()
  await forEachOf(keys, async (key) => {
    answers.set(key, await ask(key))
  })
  return answers
}

/** The court judges a few faults of a node at a time. */
function takePlace(room: Map<Fault['nodeId'], number>, nodeId: Fault['nodeId']): boolean {
  const left = room.get(nodeId)!
  room.set(nodeId, left - 1)
  return left > 0
}

/** Of those whose signature holds. */
function signersOf(receipts: readonly SignedReceipt[], domain: Domain): Address[] {
  const verifier = createReceiptVerifier(domain)
  return receipts.flatMap((receipt) => {
    try {
      return [verifier.verify(receipt)]
    } catch (error) {
      if (!isWitanError(error)) throw error
      return []
    }
  })
}
