import { maxUpscale } from '../epoch/max-upscale.js'
import { minerScore } from './score-epoch.js'
import type { ScoreBook } from './types.js'

/** The row a validator commits: `uids` weights of 65535, the best miner 65535, unknown uids and its own 0. */
export function weightsRow(book: ScoreBook, uids: number, ownUid: number): number[] {
  const scores = Array.from({ length: uids }, (_, uid) => {
    const record = uid === ownUid ? undefined : book.get(uid)
    return record === undefined ? 0 : minerScore(record)
  })
  return maxUpscale(scores)
}
