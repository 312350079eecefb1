import { quantile } from './statistics.mjs'

/**
 * Keeps `inFlight` calls going for `durationMs`: each that ends is followed by the next at once. Returns the rate and the
 * latencies in milliseconds.
 */
export async function measure(call, { inFlight, durationMs }) {
  const latencies = []
  const startedAt = performance.now()
  const endsAt = startedAt + durationMs
  const worker = async () => {
    for (let now = performance.now(); now < endsAt; ) {
      await call()
      const after = performance.now()
      latencies.push(after - now)
      now = after
    }
  }
  await Promise.all(Array.from({ length: inFlight }, worker))
  const seconds = (performance.now() - startedAt) / 1000
  latencies.sort((a, b) => a - b)
  return {
    requestsPerSecond: latencies.length / seconds,
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
  }
}
