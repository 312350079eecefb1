import type { Hex, Signer } from '@witan/protocol'
import { Transaction } from 'ethers'
import type { Intent } from '../intent.js'
import type { Fees } from './fees.js'

export interface TransactionFields extends Fees {
  readonly chainId: number
  readonly nonce: number
  readonly gasLimit: number
}

/** An EIP-1559 transaction with its signature: the bytes to broadcast and the hash they will be known by. */
export async function signTransaction(
  intent: Intent,
  { chainId, nonce, gasLimit, maxFeeWei, priorityFeeWei }: TransactionFields,
  signer: Signer,
): Promise<{ raw: Hex; hash: Hex }> {
  const transaction = Transaction.from({
    type: 2,
    chainId,
    nonce,
    gasLimit,
    maxFeePerGas: maxFeeWei,
    maxPriorityFeePerGas: priorityFeeWei,
    to: intent.to,
    data: intent.data,
    value: intent.valueWei,
  })
  transaction.signature = await signer.signDigest(transaction.unsignedHash)
  return { raw: transaction.serialized as Hex, hash: transaction.hash as Hex }
}

/** The same call at the same nonce with other fees. */
export async function resignTransaction(raw: Hex, fees: Fees, signer: Signer): Promise<{ raw: Hex; hash: Hex }> {
  const transaction = Transaction.from(raw).clone()
  transaction.signature = null
  transaction.maxFeePerGas = fees.maxFeeWei
  transaction.maxPriorityFeePerGas = fees.priorityFeeWei
  transaction.signature = await signer.signDigest(transaction.unsignedHash)
  return { raw: transaction.serialized as Hex, hash: transaction.hash as Hex }
}
