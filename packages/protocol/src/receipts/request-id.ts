import type { Address, Hex } from '../bytes/hex.js'
import { keccak256Hex } from '../crypto/keccak256.js'
import type { Domain } from '../eip712/domain.js'
import { type RequestIdentity, requestDigest } from '../eip712/request-digest.js'
import type { InferRequest } from '../wire/infer-frame.js'

/** The two ends of the authenticated connection on which a request travels. */
export interface RequestParties {
  readonly consumer: Address
  /** Operator address of the miner. */
  readonly miner: Address
}

type SentRequest = Omit<InferRequest, 'input' | 'inputLength' | 'maxPrice'>

/** The id of a request from what travelled: both ends compute the same. */
export function requestIdOf(domain: Domain, parties: RequestParties, request: SentRequest, input: Uint8Array): Hex {
  return requestDigest(domain, requestIdentityOf(parties, request, input))
}

/** What the id of a request is the digest of. */
export function requestIdentityOf(
  { consumer, miner }: RequestParties,
  request: SentRequest,
  input: Uint8Array,
): RequestIdentity {
  const { nonce, netuid, modelVersion, policy, deadline, sampling } = request
  const samplingDigest = keccak256Hex(sampling)
  const inputDigest = keccak256Hex(input)
  return { consumer, miner, nonce, netuid, modelVersion, policy, deadline, samplingDigest, inputDigest }
}
