import { randomBytes } from 'node:crypto'
import { createHost, createInferClient } from '@witan/p2p'
import {
  bytesToHex,
  checkReceipt,
  createReceiptVerifier,
  createSigner,
  keccak256Hex,
  requestDigest,
  ZERO_DIGEST,
} from '@witan/protocol'
import { domain, hostModules, networkName } from './network.mjs'
import { startServer } from './server-process.mjs'

const NO_SAMPLING = new Uint8Array(0)
const MODEL_VERSION = keccak256Hex(Buffer.from('echo'))
const DEADLINE_MS = 30_000

/** The infer protocol with an echo miner in its own process; every receipt is checked against its request and answer. */
export async function connectInfer() {
  const miner = await startServer('./echo-miner.mjs')
  const privateKey = randomBytes(32)
  const consumer = createSigner(privateKey).address
  const modules = hostModules('bench')
  const host = createHost({ networkName, privateKey, listen: [] }, modules)
  await host.start()
  const client = createInferClient({}, { ...modules, host })
  const verifier = createReceiptVerifier(domain)

  const call = async (input) => {
    const request = {
      nonce: bytesToHex(randomBytes(32)),
      netuid: 1,
      modelVersion: MODEL_VERSION,
      policy: ZERO_DIGEST,
      deadline: modules.clock.nowMs() + DEADLINE_MS,
      sampling: NO_SAMPLING,
      maxPrice: 0n,
    }
    const { output, closing } = await client.infer(miner, request, input)
    const id = requestDigest(domain, {
      ...request,
      consumer,
      miner: miner.operator,
      samplingDigest: keccak256Hex(request.sampling),
      inputDigest: keccak256Hex(input),
    })
    checkReceipt(closing.receipt.receipt, { ...request, requestDigest: id }, output)
    if (verifier.verify(closing.receipt) !== miner.operator) throw new Error('a receipt is signed by somebody else')
    return output
  }

  return {
    pid: miner.pid,
    call,
    async close() {
      await client.stop()
      await host.stop()
      await miner.stop()
    },
  }
}
