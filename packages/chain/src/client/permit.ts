import { bytesToHex, type Hex, hexToBytes, type Signer } from '@witan/protocol'
import { TypedDataEncoder } from 'ethers'
import type { Contracts } from '../network/contracts.js'
import type { Spender } from './intents/token-intents.js'

export interface PermitRequest {
  readonly signer: Signer
  readonly amountWei: bigint
  /** Unix seconds. */
  readonly deadline: number
}

/** A signed allowance (EIP-2612). */
export interface Permit {
  readonly deadline: number
  /** 65 bytes: r, s, v. */
  readonly signature: Hex
}

const PERMIT_TYPES = {
  Permit: [
    { name: 'owner', type: 'address' },
    { name: 'spender', type: 'address' },
    { name: 'value', type: 'uint256' },
    { name: 'nonce', type: 'uint256' },
    { name: 'deadline', type: 'uint256' },
  ],
}

/** Lets a contract take the signer's tokens, once and until the deadline. */
export async function signPermit(
  contracts: Contracts,
  chainId: number,
  { signer, amountWei, deadline, spender }: PermitRequest & { readonly spender: Spender },
): Promise<Permit> {
  const { token } = contracts
  const [[, name, version], nonce] = await Promise.all([
    token.read('eip712Domain', []),
    token.read('nonces', [signer.address]),
  ])
  const domain = { name, version, chainId, verifyingContract: token.address }
  const message = { owner: signer.address, spender: contracts[spender].address, value: amountWei, nonce, deadline }
  const digest = TypedDataEncoder.hash(domain, PERMIT_TYPES, message)
  return { deadline, signature: bytesToHex(signer.signDigest(hexToBytes(digest))) }
}

export function splitSignature(signature: Hex): { r: Hex; s: Hex; v: number } {
  const [r, s, v] = [signature.slice(2, 66), signature.slice(66, 130), signature.slice(130)]
  return { r: `0x${r}`, s: `0x${s}`, v: Number.parseInt(v, 16) }
}
