import { type Address, bytesToHex, type Hex } from '../bytes/hex.js'
import { type Domain, typedDataDigest } from './domain.js'
import { typeEncoder } from './type-encoder.js'

/** Everything that identifies a request: both parties, the version, the input. */
export interface RequestIdentity {
  readonly consumer: Address
  /** Operator address of the miner. */
  readonly miner: Address
  /** 32 bytes. */
  readonly nonce: Hex
  readonly netuid: number
  readonly modelVersion: Hex
  readonly policy: Hex
  /** Unix milliseconds. */
  readonly deadline: number
  /** keccak256 of the canonical sampling bytes. */
  readonly samplingDigest: Hex
  /** keccak256 of the input bytes. */
  readonly inputDigest: Hex
}

const encoder = typeEncoder(
  'InferRequest(address consumer,address miner,bytes32 nonce,uint16 netuid,bytes32 modelVersion,bytes32 policy,' +
    'uint64 deadline,bytes32 samplingDigest,bytes32 inputDigest)',
)

/** The request id: the EIP-712 typed-data digest, so it cannot be replayed on another miner, chain or network. */
export function requestDigest(domain: Domain, request: RequestIdentity): Hex {
  const structHash = encoder
    .rewind()
    .address(request.consumer)
    .address(request.miner)
    .digest(request.nonce)
    .uint(request.netuid)
    .digest(request.modelVersion)
    .digest(request.policy)
    .uint(request.deadline)
    .digest(request.samplingDigest)
    .digest(request.inputDigest)
    .hash()
  return bytesToHex(typedDataDigest(domain, structHash))
}
