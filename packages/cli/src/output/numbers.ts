import { formatAmount } from '@witan/chain'

/** Wei as tokens with at most `decimals` decimals (floored), no trailing zeros: `1.5`. */
export function formatTokens(wei: bigint, decimals = 4): string {
  const [whole, fraction = ''] = formatAmount(wei).split('.')
  const shown = fraction.slice(0, decimals).replace(/0+$/, '')
  return shown === '' ? `${whole}` : `${whole}.${shown}`
}

/** A fraction of 1 as a percentage with one decimal: `12.3 %`. */
export function formatShare(fraction: number): string {
  return `${(fraction * 100).toFixed(1)} %`
}

/** An address or digest cut in the middle: `0x1234…cdef`. */
export function shorten(hex: string): string {
  return hex.length <= 12 ? hex : `${hex.slice(0, 6)}…${hex.slice(-4)}`
}
