import { type Address, bytesToHex, type Hex, hexToBytes } from '../bytes/hex.js'
import { isSignedBy, SIGNATURE_BYTES } from '../crypto/signature.js'
import type { Signer } from '../crypto/signer.js'
import { type Domain, typedDataDigest } from '../eip712/domain.js'
import { typeEncoder } from '../eip712/type-encoder.js'
import { WordEncoder } from '../eip712/word-encoder.js'
import { type ErrorFact, WitanError } from '../errors/witan-error.js'

/** All that a consumer owes in a channel so far (specification: Request digest, receipt, voucher). */
export interface Voucher {
  readonly channelId: Hex
  /** Wei since the channel was opened; a later voucher has more. */
  readonly cumulative: bigint
  /** `receiptStructHash` of the last receipt it pays; zero: none. */
  readonly receiptDigest: Hex
}

export interface SignedVoucher {
  readonly voucher: Voucher
  /** 65 bytes: r, s, v. */
  readonly signature: Hex
}

/** What a channel was opened for. */
export interface ChannelTerms {
  readonly consumer: Address
  readonly nodeId: bigint
  readonly netuid: number
  readonly modelId: bigint
  /** Channels that the consumer had opened before. */
  readonly openNonce: bigint
}

/** What whoever is paid knows of the channel. */
export interface VoucherExpectation {
  readonly channelId: Hex
  readonly consumer: Address
  /** Wei. */
  readonly deposit: bigint
  /** The least that the voucher must be worth, wei. */
  readonly owed: bigint
}

const encoder = typeEncoder('Voucher(bytes32 channelId,uint256 cumulative,bytes32 receiptDigest)')
const channelEncoder = new WordEncoder(7)

/** The id of a channel of the contract that the domain names. */
export function channelIdOf({ chainId, verifyingContract }: Domain, terms: ChannelTerms): Hex {
  const hash = channelEncoder
    .rewind()
    .uint(chainId)
    .address(verifyingContract)
    .address(terms.consumer)
    .uint(terms.nodeId)
    .uint(terms.netuid)
    .uint(terms.modelId)
    .uint(terms.openNonce)
    .hash()
  return bytesToHex(hash)
}

/** What the consumer signs, 32 bytes. @param domain that of the PaymentChannels contract */
export function voucherDigest(domain: Domain, { channelId, cumulative, receiptDigest }: Voucher): Uint8Array {
  return typedDataDigest(domain, encoder.rewind().digest(channelId).uint(cumulative).digest(receiptDigest).hash())
}

/** @param domain that of the PaymentChannels contract */
export function signVoucher(voucher: Voucher, signer: Signer, domain: Domain): SignedVoucher {
  return { voucher, signature: bytesToHex(signer.signDigest(voucherDigest(domain, voucher))) }
}

/**
 * Holds a voucher against its channel, as the contract will: signed by the consumer, worth what is owed, covered by the
 * deposit. Throws `VOUCHER_INVALID` with the field.
 */
export function checkVoucher(
  { voucher, signature }: SignedVoucher,
  expected: VoucherExpectation,
  domain: Domain,
): void {
  const { channelId, cumulative } = voucher
  if (channelId !== expected.channelId) throw invalid('channelId', channelId, expected.channelId)
  if (cumulative < expected.owed) throw invalid('cumulative', cumulative, `at least ${expected.owed}`)
  if (cumulative > expected.deposit) throw invalid('cumulative', cumulative, `at most ${expected.deposit}`)
  const { consumer } = expected
  if (!isSignedBy(consumer, voucherDigest(domain, voucher), hexToBytes(signature, SIGNATURE_BYTES))) {
    throw invalid('signature', signature, `that of ${consumer}`)
  }
}

function invalid(field: string, actual: ErrorFact, expected: ErrorFact): WitanError {
  return new WitanError('VOUCHER_INVALID', `${field} of a voucher does not fit its channel`, {
    facts: { field, actual, expected },
  })
}
