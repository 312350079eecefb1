import {
  createDomain,
  createSigner,
  type Evidence,
  requestDigest,
  signReceiptBatch,
  ZERO_DIGEST,
} from '@witan/protocol'

/** Unix seconds of the deadline of every request. */
export const NOW = 1_800_000_000
export const subnets = `0x${'5b'.repeat(20)}` as const
export const domain = createDomain({ chainId: 31_337, verifyingContract: subnets })
export const miner = createSigner(new Uint8Array(32).fill(7))
export const word = (byte: number) => `0x${byte.toString(16).padStart(2, '0').repeat(32)}` as const

/** A request and what the miner signed about it, in a batch of two. */
export function evidenceOf(nonce: number, responseDigest = word(4), signer = miner): Evidence {
  const request = {
    consumer: `0x${'c0'.repeat(20)}` as const,
    miner: signer.address,
    nonce: word(nonce),
    netuid: 1,
    modelVersion: word(1),
    policy: ZERO_DIGEST,
    deadline: NOW * 1000,
    samplingDigest: word(2),
    inputDigest: word(3),
  }
  const receipt = {
    requestDigest: requestDigest(domain, request),
    responseDigest,
    evidenceDigest: ZERO_DIGEST,
    modelVersion: request.modelVersion,
    policy: request.policy,
    units: 1,
    price: 10n ** 20n,
    channel: ZERO_DIGEST,
    startedAt: 0,
    finishedAt: 0,
  }
  return { request, signed: signReceiptBatch([receipt, receipt], signer, domain)[0]! }
}
