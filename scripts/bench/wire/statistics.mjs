/** The value below which `share` of the sorted values lie. */
export function quantile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** Largest deviation from the median, as a fraction of it. */
export function spread(values) {
  const middle = median(values)
  return Math.max(...values.map((value) => Math.abs(value - middle))) / middle
}
