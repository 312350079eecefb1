import { WitanError } from '@witan/protocol'
import type { Call } from '../intent.js'
import { fromQuantity, type Rpc } from '../rpc/rpc.js'

export interface Fees {
  readonly maxFeeWei: bigint
  readonly priorityFeeWei: bigint
}

export interface Quote extends Fees {
  readonly baseFeeWei: bigint
}

/** The cap of EIP-7825: no transaction may take more gas. */
export const MAX_TRANSACTION_GAS = 16_777_216
const GAS_MARGIN_PERCENT = 20
/**
 * A call that changes stake may begin words of the gauge where its estimate changed those that were there, when a boundary
 * lies between estimate and block: eight of an account's list and one of all, some 22,000 gas each. What is left is not paid.
 */
const BOUNDARY_GAS = 250_000

/** Fees that outlast six full blocks (the base fee rises by at most an eighth a block). */
export async function quoteFees(rpc: Rpc): Promise<Quote> {
  const [block, tip] = await Promise.all([
    rpc.request<{ baseFeePerGas?: string } | null>('eth_getBlockByNumber', ['latest', false]),
    rpc.request<string>('eth_maxPriorityFeePerGas', []),
  ])
  const baseFeeWei = block === null ? fromQuantity('eth_getBlockByNumber', block) : BigInt(block.baseFeePerGas ?? 0)
  const priorityFeeWei = fromQuantity('eth_maxPriorityFeePerGas', tip)
  return { baseFeeWei, maxFeeWei: 2n * baseFeeWei + priorityFeeWei, priorityFeeWei }
}

/** The quoted fees under a limit. Throws `TRANSACTION_TOO_COSTLY` when the chain asks for more. */
export function capFees({ baseFeeWei, maxFeeWei, priorityFeeWei }: Quote, limitWei: bigint | undefined): Fees {
  if (limitWei === undefined || maxFeeWei <= limitWei) return { maxFeeWei, priorityFeeWei }
  if (baseFeeWei > limitWei) {
    throw new WitanError('TRANSACTION_TOO_COSTLY', 'The fee of the chain is above the configured limit', {
      facts: { baseFeeWei, limitWei },
    })
  }
  return { maxFeeWei: limitWei, priorityFeeWei: priorityFeeWei < limitWei ? priorityFeeWei : limitWei }
}

/** The gas limit of a transaction, from its estimate with margin. */
export function gasLimitOf({ data }: Call, estimate: number): number {
  return data === '0x' ? estimate : Math.max(estimate, Math.min(estimate + BOUNDARY_GAS, MAX_TRANSACTION_GAS))
}

export function withMargin(gas: number): number {
  return Math.max(gas, Math.min(Math.ceil((gas * (100 + GAS_MARGIN_PERCENT)) / 100), MAX_TRANSACTION_GAS))
}
