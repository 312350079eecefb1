import { type Address, type Domain, type Hex, keccak256Hex, requestDigest } from '@witan/protocol'
import type { InferCall } from './infer-call.js'

/** The id of a request: both ends compute it from what travelled between them. */
export function requestIdOf(call: InferCall, miner: Address, domain: Domain): Hex {
  const { nonce, netuid, modelVersion, policy, deadline, sampling } = call.request
  return requestDigest(domain, {
    consumer: call.operator,
    miner,
    nonce,
    netuid,
    modelVersion,
    policy,
    deadline,
    samplingDigest: keccak256Hex(sampling),
    inputDigest: keccak256Hex(call.input),
  })
}
