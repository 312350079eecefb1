import { readFileSync } from 'node:fs'
import { connectHttp } from './http-client.mjs'
import { connectInfer } from './infer-client.mjs'
import { measure } from './load.mjs'

const size = Number(process.env.SIZE ?? 256)
const input = new Uint8Array(size).fill(7)
const ticks = (pid) => {
  const f = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
  return [f[11] * 10, f[12] * 10]
}
const run = async (name, c, inFlight) => {
  await measure(() => c.call(input), { inFlight, durationMs: 1000 })
  const a = process.cpuUsage(),
    s = ticks(c.processId)
  const r = await measure(() => c.call(input), { inFlight, durationMs: 3000 })
  const b = process.cpuUsage(a),
    t = ticks(c.processId),
    n = r.requestsPerSecond * 3
  console.log(
    name,
    inFlight,
    Math.round(r.requestsPerSecond) + '/s p50',
    r.p50Ms.toFixed(2),
    'client us/req user',
    (b.user / n).toFixed(1),
    'sys',
    (b.system / n).toFixed(1),
    'server user',
    (((t[0] - s[0]) * 1000) / n).toFixed(1),
    'sys',
    (((t[1] - s[1]) * 1000) / n).toFixed(1),
  )
  await c.close()
}
for (const inFlight of process.env.IN ? [Number(process.env.IN)] : [1, 16, 64]) {
  await run('infer', await connectInfer(), inFlight)
  if (process.env.HTTP) await run('http', await connectHttp({ inFlight }), inFlight)
}
