import { bytesToWords, type Hex, SHARE_ONE, unpackWords } from '@witan/protocol'
import type { ChainEvent } from '../abi/events.js'

/** What an epoch gave a slot, wei. */
export interface SlotCredit {
  /** Incentive, take and pool together. */
  readonly total: bigint
  /** Of it, for its votes: take and pool. */
  readonly voting: bigint
}

/**
 * What the last paid epoch among the events gave each uid: its shares of what the epoch paid altogether, less what went
 * to former holders of slots. Empty when none was paid.
 */
export function creditsOf(events: readonly ChainEvent[]): readonly SlotCredit[] {
  const paid = events.findLast((event) => event.name === 'EpochPaid')
  const settled = events.findLast((event) => event.name === 'EpochSettled')
  if (paid?.name !== 'EpochPaid' || settled?.name !== 'EpochSettled') return []
  const { incentive, take, pooled } = paid.args.paid
  const { uids, ...result } = settled.args.result
  const shares = (bytes: Hex) => unpackWords(bytesToWords(bytes), 32, uids)
  const voted = shares(result.validatorPay)
  const credits = shares(result.incentive).map((share, uid) => ({
    total: (incentive * share + (take + pooled) * voted[uid]!) / SHARE_ONE,
    voting: ((take + pooled) * voted[uid]!) / SHARE_ONE,
  }))
  for (const event of events) {
    if (event.name !== 'PayRedirected' || event.transactionHash !== paid.transactionHash) continue
    credits[event.args.uid] = { total: 0n, voting: 0n }
  }
  return credits
}
