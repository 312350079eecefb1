import { bytesToHex, type Hex, hexToBytes, type Signer } from '@witan/protocol'
import { Transaction } from 'ethers'
import type { Call } from '../intent.js'
import type { Fees } from './fees.js'

export interface TransactionFields extends Fees {
  readonly chainId: number
  readonly nonce: number
  readonly gasLimit: number
}

/** The bytes to broadcast and the hash they will be known by. */
export interface SignedTransaction {
  readonly raw: Hex
  readonly hash: Hex
}

/** An EIP-1559 transaction with its signature. */
export function signTransaction(
  call: Call,
  { chainId, nonce, gasLimit, maxFeeWei, priorityFeeWei }: TransactionFields,
  signer: Signer,
): SignedTransaction {
  const transaction = Transaction.from({
    type: 2,
    chainId,
    nonce,
    gasLimit,
    maxFeePerGas: maxFeeWei,
    maxPriorityFeePerGas: priorityFeeWei,
    to: call.to,
    data: call.data,
    value: call.valueWei,
  })
  return sign(transaction, signer)
}

/** The same call at the same nonce with other fees. */
export function resignTransaction(raw: Hex, fees: Fees, signer: Signer): SignedTransaction {
  const transaction = Transaction.from(raw).clone()
  transaction.signature = null
  transaction.maxFeePerGas = fees.maxFeeWei
  transaction.maxPriorityFeePerGas = fees.priorityFeeWei
  return sign(transaction, signer)
}

/** Wei that a signed transaction carries. */
export function valueIn(raw: Hex): bigint {
  return Transaction.from(raw).value
}

function sign(transaction: Transaction, signer: Signer): SignedTransaction {
  transaction.signature = bytesToHex(signer.signDigest(hexToBytes(transaction.unsignedHash)))
  return { raw: transaction.serialized as Hex, hash: transaction.hash as Hex }
}
