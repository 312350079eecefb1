import { randomBytes } from 'node:crypto'
import { createReceiptSigner } from '@witan/miner'
import { createHost, createInferServer } from '@witan/p2p'
import { createSigner, keccak256Hex, requestDigest, ZERO_DIGEST } from '@witan/protocol'
import { domain, hostModules, networkName } from './network.mjs'

const privateKey = randomBytes(32)
const signer = createSigner(privateKey)
const receipts = createReceiptSigner({ domain }, { signer, beforeSign: () => undefined })
const modules = hostModules('echo-miner')
const host = createHost({ networkName, privateKey, listen: ['/ip4/127.0.0.1/tcp/0'] }, modules)

/** Everything a miner does for an answer except running a model and writing to a disk. */
async function handler({ operator, request, input, arrivedAtMs }) {
  const identity = {
    ...request,
    consumer: operator,
    miner: signer.address,
    samplingDigest: keccak256Hex(request.sampling),
    inputDigest: keccak256Hex(input),
  }
  const receipt = await receipts.sign({
    requestDigest: requestDigest(domain, identity),
    responseDigest: identity.inputDigest,
    evidenceDigest: ZERO_DIGEST,
    modelVersion: request.modelVersion,
    policy: request.policy,
    units: 1,
    price: 0n,
    channel: ZERO_DIGEST,
    startedAt: arrivedAtMs,
    finishedAt: Math.max(arrivedAtMs, modules.clock.nowMs()),
  })
  return { output: input, closing: { timing: { queueMs: 0, firstMs: 0, totalMs: 0 }, receipt } }
}

const server = createInferServer({}, { ...modules, host, handler, admit: () => true })
await host.start()
await server.start()
process.stdin.on('end', async () => {
  await server.stop()
  await host.stop()
})
process.stdin.resume()
console.log(JSON.stringify({ operator: host.operator, multiaddrs: host.multiaddrs() }))
