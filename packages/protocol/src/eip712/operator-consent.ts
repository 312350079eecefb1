import type { Address, Hex } from '../bytes/hex.js'
import { bytesToHex } from '../bytes/hex.js'
import type { Signer } from '../crypto/signer.js'
import { type Domain, typedDataDigest } from './domain.js'
import { typeEncoder } from './type-encoder.js'

/** An operator key's consent to be registered by an owner: nobody can bind somebody else's key. */
export interface OperatorConsent {
  readonly owner: Address
  /** `Subnets.nonces(operator)`. */
  readonly nonce: bigint
  /** Unix seconds. */
  readonly deadline: number
}

const encoder = typeEncoder('OperatorConsent(address owner,uint256 nonce,uint256 deadline)')

/** 32 bytes. */
export function operatorConsentDigest(domain: Domain, consent: OperatorConsent): Uint8Array {
  return typedDataDigest(
    domain,
    encoder.rewind().address(consent.owner).uint(consent.nonce).uint(consent.deadline).hash(),
  )
}

/** The signature that `Subnets.register` takes. */
export function signOperatorConsent(consent: OperatorConsent, signer: Signer, domain: Domain): Hex {
  return bytesToHex(signer.signDigest(operatorConsentDigest(domain, consent)))
}
