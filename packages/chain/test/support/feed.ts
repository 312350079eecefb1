import type { Address, Hex } from '@witan/protocol'
import type { Rpc } from '../../src/rpc/rpc.js'

/** No key: a place on the test chain. */
export const FEED: Address = '0x00000000000000000000000000000000000feed0'

/**
 * Five words of storage, as AggregatorV3 answers: from slot 0 to a call of four bytes (`latestRoundData()`), from slot 8
 * to any other (`getRoundData(uint80)`).
 */
const CODE = '0x366004141560031b80545f528060010154602052806002015460405280600301546060526004015460805260a05ff3'

export interface Round {
  readonly id: number
  readonly answer: number
  /** Unix seconds. */
  readonly updatedAt: number
}

/** A feed of two rounds at `FEED`. */
export async function placeFeed(rpc: Rpc, latest: Round, before: Round): Promise<void> {
  await rpc.request('anvil_setCode', [FEED, CODE])
  const word = (value: number): Hex => `0x${value.toString(16).padStart(64, '0')}`
  for (const [base, { id, answer, updatedAt }] of [
    [0, latest],
    [8, before],
  ] as const) {
    for (const [slot, value] of [id, answer, updatedAt, updatedAt, id].entries()) {
      await rpc.request('anvil_setStorageAt', [FEED, word(base + slot), word(value)])
    }
  }
}
