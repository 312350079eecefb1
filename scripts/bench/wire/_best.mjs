import { connectHttp } from './http-client.mjs'
import { connectInfer } from './infer-client.mjs'
import { measure } from './load.mjs'
const inFlight = Number(process.env.IN ?? 64)
const input = new Uint8Array(256).fill(7)
const c = {}
for (const e of process.argv.slice(2)) { process.env.EARLY = e; c[e] = e === 'http' ? await connectHttp({ inFlight }) : await connectInfer() }
const best = {}
for (let r = 0; r < 14; r++) for (const [e, x] of Object.entries(c)) { const m = await measure(() => x.call(input), { inFlight, durationMs: 700 }); (best[e] ??= []).push(Math.round(m.requestsPerSecond)) }
for (const [e, v] of Object.entries(best)) { v.sort((a, b) => b - a); console.log(e, 'max', v[0], v[1], 'median', v[7]) }
for (const x of Object.values(c)) await x.close()
