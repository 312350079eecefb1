import { WitanError } from '@witan/protocol'
import { formatUnits, parseUnits } from 'ethers'

const DECIMALS = 18
const DECIMAL_AMOUNT = /^\d{1,30}(\.\d{1,18})?$/

/** Wei of an amount of tokens or coin in decimal notation: `0.5`, `1000`. Throws `AMOUNT_INVALID`. */
export function parseAmount(text: string): bigint {
  if (DECIMAL_AMOUNT.test(text)) return parseUnits(text, DECIMALS)
  throw new WitanError('AMOUNT_INVALID', 'A text is not an amount', { facts: { value: text.slice(0, 80) } })
}

/** The shortest exact decimal notation of an amount in wei. */
export function formatAmount(wei: bigint): string {
  return formatUnits(wei, DECIMALS).replace(/\.0$/, '')
}
