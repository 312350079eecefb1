import {
  type Address,
  createDomain,
  createReceiptVerifier,
  createSigner,
  keccak256Hex,
  signReceiptBatch,
  ZERO_DIGEST,
} from '@witan/protocol'
import { type Clock, createLogger, createMetrics, createSeededRandom, type Logger, systemClock } from '@witan/runtime'
import type { Test } from 'tap'
import {
  createHost,
  createP2pMetrics,
  type Host,
  type HostOptions,
  type InferAnswer,
  type InferHead,
  type P2pMetrics,
  type PeerTarget,
} from '../../src/index.js'

export const domain = createDomain({ chainId: 31_337, verifyingContract: `0x${'11'.repeat(20)}` })
export const verifier = createReceiptVerifier(domain)
export const networkName = 'test'
export const clock = systemClock
export const logger: Logger = createLogger({
  name: 'test',
  level: process.env.WITAN_TEST_LOG === '1' ? 'trace' : 'silent',
})

/** A secret key that belongs to a name. */
export function keyOf(name: string): Uint8Array {
  return createSeededRandom(`key ${name}`).bytes(32)
}

export const operatorOf = (name: string) => createSigner(keyOf(name)).address

export interface TestNode {
  readonly host: Host
  readonly target: PeerTarget & { operator: Address }
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: P2pMetrics
}

/** A running host on a free port of the loopback; stopped when the test ends. */
export async function startHost(
  t: Test,
  name: string,
  options: Partial<HostOptions> = {},
  overrides: { clock?: Clock } = {},
): Promise<TestNode> {
  const modules = { clock, logger, metrics: createP2pMetrics(createMetrics()), ...overrides }
  const host = createHost(
    { networkName, privateKey: keyOf(name), listen: ['/ip4/127.0.0.1/tcp/0'], ...options },
    modules,
  )
  t.teardown(() => host.stop())
  await host.start()
  return { ...modules, host, target: { operator: host.operator, multiaddrs: host.multiaddrs() } }
}

let nonce = 0

/** A request that nobody has made before. */
export function requestOf(overrides: Partial<InferHead> = {}): InferHead {
  return {
    nonce: keccak256Hex(Buffer.from(`nonce ${nonce++}`)),
    netuid: 1,
    modelVersion: keccak256Hex(Buffer.from('model')),
    policy: ZERO_DIGEST,
    deadline: clock.nowMs() + 30_000,
    sampling: new Uint8Array(0),
    maxPrice: 0n,
    ...overrides,
  }
}

/** An answer with a receipt that `name` signed by itself. */
export function answerOf(output: Uint8Array, name = 'miner'): InferAnswer {
  const receipt = {
    requestDigest: ZERO_DIGEST,
    responseDigest: keccak256Hex(output),
    evidenceDigest: ZERO_DIGEST,
    modelVersion: ZERO_DIGEST,
    policy: ZERO_DIGEST,
    units: 1,
    price: 0n,
    channel: ZERO_DIGEST,
    startedAt: 1,
    finishedAt: 2,
  }
  const [signed] = signReceiptBatch([receipt], createSigner(keyOf(name)), domain)
  return { output, closing: { timing: { queueMs: 0, firstMs: 1, totalMs: 1 }, receipt: signed! } }
}
