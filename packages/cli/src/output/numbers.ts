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

const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
] as const

/** A duration in its two largest units: `3d 4h`, `5m`, `12s`. */
export function formatDuration(seconds: number): string {
  const parts: string[] = []
  let rest = Math.max(0, Math.floor(seconds))
  for (const [unit, length] of UNITS) {
    if (rest >= length) parts.push(`${Math.floor(rest / length)}${unit}`)
    rest %= length
  }
  if (rest > 0 || parts.length === 0) parts.push(`${rest}s`)
  return parts.slice(0, 2).join(' ')
}

/** Unix seconds for people and programs: ISO 8601. */
export function formatTime(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().replace('.000Z', 'Z')
}
