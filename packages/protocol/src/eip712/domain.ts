import type { Address } from '../bytes/hex.js'
import { keccak256 } from '../crypto/keccak256.js'
import { typeEncoder } from './type-encoder.js'

/** The one EIP-712 domain of a network: every signature names its chain and its Subnets contract. */
export interface Domain {
  readonly chainId: number
  /** The Subnets contract. */
  readonly verifyingContract: Address
  /** 32 bytes. */
  readonly separator: Uint8Array
}

/** EIP712Domain name and version, also for signers that take typed data as JSON. */
export const DOMAIN_NAME = 'Witan'
export const DOMAIN_VERSION = '1'

const encoder = typeEncoder('EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)')
const NAME_HASH = keccak256(Buffer.from(DOMAIN_NAME))
const VERSION_HASH = keccak256(Buffer.from(DOMAIN_VERSION))
const PREFIX_BYTES = 2
const message = new Uint8Array(PREFIX_BYTES + 64)
message.set([0x19, 0x01])

export function createDomain(options: { chainId: number; verifyingContract: Address }): Domain {
  const { chainId, verifyingContract } = options
  const separator = encoder
    .rewind()
    .bytes(NAME_HASH)
    .bytes(VERSION_HASH)
    .uint(chainId)
    .address(verifyingContract)
    .hash()
  return { chainId, verifyingContract, separator }
}

/** What is signed: keccak256(0x19 0x01 ‖ separator ‖ struct hash). */
export function typedDataDigest(domain: Domain, structHash: Uint8Array): Uint8Array {
  message.set(domain.separator, PREFIX_BYTES)
  message.set(structHash, PREFIX_BYTES + 32)
  return keccak256(message)
}
