import {
  type Address,
  bytesToHex,
  createDomain,
  type Domain,
  type Fault,
  type Hex,
  type RequestIdentity,
  requestDigest,
  type Signer,
  signReceiptBatch,
  ZERO_DIGEST,
} from '@witan/protocol'
import type { NetworkFile } from '../../src/index.js'

export interface TwoAnswers {
  readonly consumer: Address
  readonly miner: Signer
  /** Another one makes another request. */
  readonly nonce: Uint8Array
  /** Unix seconds. */
  readonly deadline: number
  readonly nodeId: bigint
  /** That the request is made under; the receipts too unless `signedUnder` differs. */
  readonly domain: Domain
  readonly signedUnder?: Domain
}

/** Of requests and receipts of a network. */
export const domainOf = ({ chainId, contracts }: Pick<NetworkFile, 'chainId' | 'contracts'>): Domain =>
  createDomain({ chainId, verifyingContract: contracts.subnets })

/** What proves that a miner signed two answers to one request. */
export function twoAnswers(facts: TwoAnswers): Extract<Fault, { kind: 'two-answers' }> {
  const { consumer, miner, domain, signedUnder = domain } = facts
  const request: RequestIdentity = {
    ...{ consumer, miner: miner.address, nonce: bytesToHex(facts.nonce), netuid: 1, deadline: facts.deadline * 1_000 },
    ...{ modelVersion: ZERO_DIGEST, policy: ZERO_DIGEST, samplingDigest: ZERO_DIGEST, inputDigest: ZERO_DIGEST },
  }
  const digest = requestDigest(domain, request)
  const answer = (responseDigest: Hex) => {
    const digests = { requestDigest: digest, responseDigest, evidenceDigest: ZERO_DIGEST, channel: ZERO_DIGEST }
    const terms = { modelVersion: ZERO_DIGEST, policy: ZERO_DIGEST, units: 1, price: 0n, startedAt: 1, finishedAt: 2 }
    return signReceiptBatch([{ ...digests, ...terms }], miner, signedUnder)[0]!
  }
  const [first, second] = [answer(`0x${'e0'.repeat(32)}`), answer(`0x${'e1'.repeat(32)}`)]
  return { kind: 'two-answers', nodeId: facts.nodeId, requestDigest: digest, request, first, second }
}
