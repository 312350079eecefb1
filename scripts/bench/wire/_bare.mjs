import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createHost, createInferClient, createInferServer } from '@witan/p2p'
import { createSigner, keccak256Hex, signReceiptBatch, ZERO_DIGEST } from '@witan/protocol'
import { measure } from './load.mjs'
import { domain, hostModules, networkName } from './network.mjs'

const Z = ZERO_DIGEST
if (process.argv[2] === 'server') {
  const privateKey = randomBytes(32)
  const signer = createSigner(privateKey)
  const modules = hostModules('m')
  const receipt = {
    requestDigest: Z,
    responseDigest: Z,
    evidenceDigest: Z,
    modelVersion: Z,
    policy: Z,
    units: 1,
    price: 0n,
    channel: Z,
    startedAt: 1,
    finishedAt: 2,
  }
  const [signed] = signReceiptBatch([receipt], signer, domain)
  const host = createHost({ networkName, privateKey, listen: ['/ip4/127.0.0.1/tcp/0'] }, modules)
  await host.start()
  await createInferServer(
    {},
    {
      ...modules,
      host,
      admit: () => true,
      handler: async ({ input }) => ({
        output: input,
        closing: { timing: { queueMs: 0, firstMs: 0, totalMs: 0 }, receipt: signed },
      }),
    },
  ).start()
  console.log(JSON.stringify({ operator: host.operator, multiaddrs: host.multiaddrs() }))
} else {
  const child = spawn(process.execPath, [...process.execArgv, new URL(import.meta.url).pathname, 'server'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const peer = JSON.parse(String(await new Promise((r) => child.stdout.once('data', r))))
  const modules = hostModules('c')
  const host = createHost({ networkName, privateKey: randomBytes(32), listen: [] }, modules)
  await host.start()
  const client = createInferClient({}, { ...modules, host })
  const input = new Uint8Array(256).fill(7)
  const head = {
    nonce: Z,
    netuid: 1,
    modelVersion: Z,
    policy: Z,
    deadline: Date.now() + 300000,
    sampling: new Uint8Array(0),
    maxPrice: 0n,
  }
  const call = () => client.infer(peer, head, input)
  const ticks = (pid) => {
    const f = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
    return [f[11] * 10, f[12] * 10]
  }
  for (const inFlight of process.env.IN ? [Number(process.env.IN)] : [1, 16, 64]) {
    await measure(call, { inFlight, durationMs: 1000 })
    const a = process.cpuUsage(),
      s = ticks(child.pid)
    const r = await measure(call, { inFlight, durationMs: 3000 })
    const b = process.cpuUsage(a),
      t = ticks(child.pid),
      n = r.requestsPerSecond * 3
    console.log(
      'bare',
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
  }
  child.kill('SIGINT')
  await host.stop()
}
