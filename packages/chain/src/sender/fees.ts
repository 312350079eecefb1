import { WitanError } from '@witan/protocol'
import type { Rpc } from '../rpc/rpc.js'

export interface Fees {
  readonly maxFeeWei: bigint
  readonly priorityFeeWei: bigint
}

/** The cap of EIP-7825: no transaction may take more gas. */
export const MAX_TRANSACTION_GAS = 16_777_216
const GAS_MARGIN_PERCENT = 20
/** Nodes refuse a replacement that offers less than 10 % more. */
const BUMP_PERCENT = 25n

/** Fees that outlast six full blocks (the base fee rises by at most an eighth a block). */
export async function quoteFees(rpc: Rpc, maxFeePerGasWei: bigint | undefined): Promise<Fees> {
  const [block, tip] = await Promise.all([
    rpc.request<{ baseFeePerGas?: string }>('eth_getBlockByNumber', ['latest', false]),
    rpc.request<string>('eth_maxPriorityFeePerGas', []),
  ])
  const baseFeeWei = BigInt(block.baseFeePerGas ?? 0)
  const priorityFeeWei = BigInt(tip)
  return capFees({ maxFeeWei: 2n * baseFeeWei + priorityFeeWei, priorityFeeWei }, baseFeeWei, maxFeePerGasWei)
}

function capFees(fees: Fees, baseFeeWei: bigint, limitWei: bigint | undefined): Fees {
  if (limitWei === undefined || fees.maxFeeWei <= limitWei) return fees
  if (baseFeeWei > limitWei) {
    throw new WitanError('TRANSACTION_TOO_COSTLY', 'The fee of the chain is above the configured limit', {
      facts: { baseFeeWei, limitWei },
    })
  }
  return { maxFeeWei: limitWei, priorityFeeWei: fees.priorityFeeWei < limitWei ? fees.priorityFeeWei : limitWei }
}

/** Fees of a replacement, or undefined when the limit leaves no room for one. */
export function bumpFees(last: Fees, quoted: Fees, limitWei: bigint | undefined): Fees | undefined {
  const bumped = {
    maxFeeWei: largerOf(raise(last.maxFeeWei), quoted.maxFeeWei),
    priorityFeeWei: largerOf(raise(last.priorityFeeWei), quoted.priorityFeeWei),
  }
  return limitWei !== undefined && bumped.maxFeeWei > limitWei ? undefined : bumped
}

export function withMargin(gas: number): number {
  return Math.max(gas, Math.min(Math.ceil((gas * (100 + GAS_MARGIN_PERCENT)) / 100), MAX_TRANSACTION_GAS))
}

function raise(wei: bigint): bigint {
  return wei + (wei * BUMP_PERCENT) / 100n + 1n
}

function largerOf(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}
