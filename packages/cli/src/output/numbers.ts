const WEI_PER_TOKEN = 10n ** 18n

/** Wei as tokens with at most `decimals` decimals (floored), no trailing zeros: `1.5`. */
export function formatTokens(wei: bigint, decimals = 4): string {
  const sign = wei < 0n ? '-' : ''
  const magnitude = wei < 0n ? -wei : wei
  const fraction = (magnitude % WEI_PER_TOKEN).toString().padStart(18, '0').slice(0, decimals).replace(/0+$/, '')
  return `${sign}${magnitude / WEI_PER_TOKEN}${fraction === '' ? '' : `.${fraction}`}`
}

/** A fraction of 1 as a percentage with one decimal: `12.3 %`. */
export function formatShare(fraction: number): string {
  return `${(fraction * 100).toFixed(1)} %`
}

/** An address or digest cut in the middle: `0x1234…cdef`. */
export function shorten(hex: string): string {
  return hex.length <= 12 ? hex : `${hex.slice(0, 6)}…${hex.slice(-4)}`
}
