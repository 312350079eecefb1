import { type Address, bytesToHex, type Hex } from './bytes/hex.js'
import { WordEncoder } from './eip712/word-encoder.js'

/** Everything a commitment binds to, so that nobody else can replay it (specification: Commit–reveal). */
export interface Commitment {
  readonly chainId: number
  /** The Consensus contract. */
  readonly consensus: Address
  readonly netuid: number
  readonly epoch: number
  readonly nodeId: bigint
  /** Unix seconds. */
  readonly registeredAt: number
  /** Version of the weights; 0 until subnets require one. */
  readonly version: bigint
  /** The row as `packRow` makes it. */
  readonly packedRow: readonly bigint[]
  /** Zero until rows carry evidence. */
  readonly evidenceRoot: Hex
  /** 32 secret random bytes, without which a row of few miners could be guessed. */
  readonly salt: Hex
}

const HEAD_WORDS = 10

/**
 * keccak256(abi.encode(chainid, consensus, netuid, epoch, nodeId, registeredAt, version, packedRow, evidenceRoot, salt)),
 * every integer a uint256, the row a uint256[].
 */
export function commitmentHash(commitment: Commitment): Hex {
  const { packedRow } = commitment
  const encoder = new WordEncoder(HEAD_WORDS + 1 + packedRow.length)
    .uint(commitment.chainId)
    .address(commitment.consensus)
    .uint(commitment.netuid)
    .uint(commitment.epoch)
    .uint(commitment.nodeId)
    .uint(commitment.registeredAt)
    .uint(commitment.version)
    .uint(HEAD_WORDS * 32)
    .digest(commitment.evidenceRoot)
    .digest(commitment.salt)
    .uint(packedRow.length)
  for (const word of packedRow) encoder.uint(word)
  return bytesToHex(encoder.hash())
}
