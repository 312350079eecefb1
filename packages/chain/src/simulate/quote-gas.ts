import type { Address } from '@witan/protocol'
import type { Rpc } from '../rpc/rpc.js'

/** What gas costs now, and what there is to pay it with. */
export interface GasQuote {
  readonly gas: number
  /** Wei of the chain's coin for a unit of gas. */
  readonly gasPriceWei: bigint
  /** Wei of the chain's coin. What a rollup charges for data is not in it. */
  readonly costWei: bigint
  /** What the payer has, wei of the chain's coin. */
  readonly balanceWei: bigint
}

/** Prices gas as the chain asks for it now; nothing is sent. */
export async function quoteGas(rpc: Rpc, gas: number, payer: Address, signal?: AbortSignal): Promise<GasQuote> {
  const [gasPrice, balance] = await Promise.all([
    rpc.request<string>('eth_gasPrice', [], { signal }),
    rpc.request<string>('eth_getBalance', [payer, 'latest'], { signal }),
  ])
  const gasPriceWei = BigInt(gasPrice)
  return { gas, gasPriceWei, costWei: BigInt(gas) * gasPriceWei, balanceWei: BigInt(balance) }
}
