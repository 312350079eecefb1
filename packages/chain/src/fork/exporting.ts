import type { Address } from '@witan/protocol'
import type { ReadOptions } from '../abi/contract.js'
import type { Replay } from '../audit/replay.js'
import type { Contracts } from '../network/contracts.js'
import type { Book } from './book.js'
import type { Trail } from './trail.js'

/** What the parts of an export are made from. */
export interface Exporting {
  readonly contracts: Contracts
  readonly at: ReadOptions
  readonly replay: Replay
  readonly trail: Trail
  readonly book: Book
  /** Free tokens of a contract at the block. */
  balanceOf(account: Address): Promise<bigint>
}

/** Revenue that nobody has distributed yet and that is a part of pools and of validators' pots, wei. */
export interface Undistributed {
  readonly pools: ReadonlyMap<bigint, bigint>
  readonly pots: ReadonlyMap<number, bigint>
}

export function addTo<Key>(map: Map<Key, bigint>, key: Key, amount: bigint): void {
  map.set(key, (map.get(key) ?? 0n) + amount)
}
