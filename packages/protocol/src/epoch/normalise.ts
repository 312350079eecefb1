/** floor(value · one / Σ values) for each value: shares that sum to at most `one`. All zeros stay zeros. */
export function normaliseDown(values: readonly bigint[], one: bigint): bigint[] {
  const total = sum(values)
  return total === 0n ? values.map(() => 0n) : values.map((value) => (value * one) / total)
}

export function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n)
}
