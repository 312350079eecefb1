import { connectHttp } from './http-client.mjs'
import { connectInfer } from './infer-client.mjs'
import { measure } from './load.mjs'
import { median, spread } from './statistics.mjs'

const WARM_UP_MS = 500

/** Both transports with one payload and one number of calls in flight: rounds of A, B, A, B, … and their medians. */
export async function measurePair({ rounds, durationMs, bytes, inFlight }) {
  const input = new Uint8Array(bytes).fill(7)
  const witan = await connectInfer()
  const http = await connectHttp({ inFlight })
  try {
    const transports = { witan, http }
    const measured = { witan: [], http: [] }
    for (const transport of Object.values(transports)) {
      await measure(() => transport.call(input), { inFlight, durationMs: WARM_UP_MS })
    }
    for (let round = 0; round < rounds; round++) {
      for (const [name, transport] of Object.entries(transports)) {
        measured[name].push(await measure(() => transport.call(input), { inFlight, durationMs }))
      }
    }
    const summary = { bytes, inFlight, witan: summarise(measured.witan), http: summarise(measured.http) }
    return { ...summary, ratio: summary.witan.requestsPerSecond / summary.http.requestsPerSecond }
  } finally {
    await witan.close()
    await http.close()
  }
}

export function summarise(rounds) {
  const rates = rounds.map((round) => round.requestsPerSecond)
  return {
    requestsPerSecond: median(rates),
    spread: spread(rates),
    p50Ms: median(rounds.map((round) => round.p50Ms)),
    p99Ms: median(rounds.map((round) => round.p99Ms)),
  }
}
