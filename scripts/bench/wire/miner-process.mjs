// A miner in a process of its own: it echoes, or runs the model named as the first argument. It does all a miner does for
// an answer except writing to a disk.

import { randomBytes } from 'node:crypto'
import { createReceiptSigner } from '@witan/miner'
import { createHost, createInferServer } from '@witan/p2p'
import { createSigner, keccak256Hex, requestDigest, ZERO_DIGEST } from '@witan/protocol'
import { composeServices } from '@witan/runtime'
import { domain, hostModules, networkName } from './network.mjs'
import { createEcho, createModel } from './task.mjs'

const modelName = process.argv[2]
const modules = hostModules('miner')
const task = modelName === undefined ? createEcho() : await createModel(modelName, modules)
const privateKey = randomBytes(32)
const signer = createSigner(privateKey)
const receipts = createReceiptSigner({ domain }, { signer, beforeSign: () => undefined })
const host = createHost({ networkName, privateKey, listen: ['/ip4/127.0.0.1/tcp/0'] }, modules)

async function handler({ operator, request, input, arrivedAtMs }) {
  const { output, units } = await task.run(input)
  const identity = {
    ...request,
    consumer: operator,
    miner: signer.address,
    samplingDigest: keccak256Hex(request.sampling),
    inputDigest: keccak256Hex(input),
  }
  const receipt = await receipts.sign({
    requestDigest: requestDigest(domain, identity),
    responseDigest: keccak256Hex(output),
    evidenceDigest: ZERO_DIGEST,
    modelVersion: request.modelVersion,
    policy: request.policy,
    units,
    price: 0n,
    channel: ZERO_DIGEST,
    startedAt: arrivedAtMs,
    finishedAt: Math.max(arrivedAtMs, modules.clock.nowMs()),
  })
  return { output, closing: { timing: { queueMs: 0, firstMs: 0, totalMs: 0 }, receipt } }
}

const server = createInferServer({}, { ...modules, host, handler, admit: () => true })
const miner = composeServices([task, host, server])
await miner.start()
process.stdin.on('end', () => miner.stop()).resume()
console.log(JSON.stringify({ operator: host.operator, multiaddrs: host.multiaddrs() }))
