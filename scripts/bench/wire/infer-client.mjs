import { randomBytes } from 'node:crypto'
import { askMiner, createHost, createInferClient } from '@witan/p2p'
import { createReceiptVerifier, keccak256Hex } from '@witan/protocol'
import { systemRandom } from '@witan/runtime'
import { domain, hostModules, networkName } from './network.mjs'
import { startServer } from './server-process.mjs'

const MODEL_VERSION = keccak256Hex(Buffer.from('benchmark'))
const TIMEOUT_MS = 60_000

/**
 * The infer protocol with a miner in its own process; every receipt is checked against request, answer and signer. Without
 * `model` the miner echoes.
 */
export async function connectInfer({ model } = {}) {
  const miner = await startServer('./miner-process.mjs', model === undefined ? [] : [model])
  const modules = hostModules('consumer')
  const host = createHost({ networkName, privateKey: randomBytes(32), listen: [] }, modules)
  await host.start()
  const client = createInferClient({}, { ...modules, host })
  const verifier = createReceiptVerifier(domain)
  const asking = { ...modules, client, consumer: host.operator, domain, verifier, random: systemRandom }
  const question = {
    miner: miner.operator,
    multiaddrs: miner.multiaddrs,
    netuid: 1,
    modelVersion: MODEL_VERSION,
    timeoutMs: TIMEOUT_MS,
  }
  return {
    processId: miner.processId,
    call: (input) => askMiner({ ...question, input }, asking),
    async close() {
      await client.stop()
      await host.stop()
      await miner.stop()
    },
  }
}
