import type { Address, Hex } from '../bytes/hex.js'
import { keccak256Hex } from '../crypto/keccak256.js'
import type { Domain } from '../eip712/domain.js'
import { requestDigest } from '../eip712/request-digest.js'
import type { InferRequest } from '../wire/infer-frame.js'

/** The two ends of the authenticated connection on which a request travels. */
export interface RequestParties {
  readonly consumer: Address
  /** Operator address of the miner. */
  readonly miner: Address
}

/** The id of a request from what travelled: both ends compute the same. */
export function requestIdOf(
  domain: Domain,
  { consumer, miner }: RequestParties,
  request: Omit<InferRequest, 'input' | 'inputLength' | 'maxPrice'>,
  input: Uint8Array,
): Hex {
  const { nonce, netuid, modelVersion, policy, deadline, sampling } = request
  const samplingDigest = keccak256Hex(sampling)
  const inputDigest = keccak256Hex(input)
  const identity = { consumer, miner, nonce, netuid, modelVersion, policy, deadline, samplingDigest, inputDigest }
  return requestDigest(domain, identity)
}
