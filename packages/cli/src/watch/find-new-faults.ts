import type { ChainClient, KeyRecord } from '@witan/chain'
import {
  type Address,
  createDomain,
  createReceiptVerifier,
  type Domain,
  type Evidence,
  type FoundFaults,
  findFaults,
  isWitanError,
  type SignedReceipt,
} from '@witan/protocol'

export type FaultChain = Pick<ChainClient, 'court' | 'vault' | 'network' | 'latestBlock'>

export interface NewFaults extends FoundFaults {
  /** Faults of which the node was accused before, by whomever. */
  readonly known: number
}

/** The faults that the evidence proves now and that nobody was accused of yet. */
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
  const [{ timestamp }, unbondingSeconds, ...records] = await Promise.all([
    chain.latestBlock(signal),
    chain.vault.unbondingSeconds({ signal }),
    ...[...keys].map(async (key): Promise<[Address, KeyRecord]> => [key, await court.keyRecord(key, { signal })]),
  ])
  const recordOf = new Map(records)
  const found = findFaults(receipts, requests, {
    domain,
    keyRecord: (key) => recordOf.get(key)!,
    nowSeconds: timestamp,
    unbondingSeconds,
  })
  const accused = await Promise.all(
    found.faults.map(({ requestDigest }) => court.accusationOf(requestDigest, { signal })),
  )
  const faults = found.faults.filter((_, index) => accused[index] === undefined)
  return { ...found, faults, known: found.faults.length - faults.length }
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
