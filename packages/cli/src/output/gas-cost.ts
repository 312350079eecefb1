import type { GasQuote } from '@witan/chain'
import { formatTokens } from './numbers.js'

const COIN_DECIMALS = 6
/** The least that those decimals show. */
const LEAST_WEI = 10n ** 12n

/** Wei of the chain's coin for people: gas often costs less than is worth showing, and never nothing. */
export function formatCoin(wei: bigint): string {
  const text = wei > 0n && wei < LEAST_WEI ? 'less than 0.000001' : formatTokens(wei, COIN_DECIMALS)
  return `${text} coin`
}

/** `82000 gas at 1.5 gwei: 0.000123 coin; the account has 2 coin`. */
export function formatGasQuote({ gas, gasPriceWei, costWei, balanceWei }: GasQuote, payer = 'the account'): string {
  return `${gas} gas at ${Number(gasPriceWei) / 1e9} gwei: ${formatCoin(costWei)}; ${payer} has ${formatCoin(balanceWei)}`
}
