import { SHARE_ONE, type SubnetParameters, unpackWords } from '@witan/protocol'
import type { SlotPay } from './earned.js'
import type { Replayed } from './settlement.js'
import { membersOf } from './snapshot.js'

/** An epoch's pay as rule 8 gives it; names as in `IEmission.Paid`, wei. */
export interface RebuiltPay {
  readonly bounty: bigint
  readonly owner: bigint
  readonly incentive: bigint
  readonly take: bigint
  readonly pooled: bigint
  readonly notMinted: bigint
  readonly carried: bigint
  readonly slots: readonly SlotPay[]
}

const GWEI = 10n ** 9n
const BPS_ONE = 10_000n
const BOUNTY_BPS = 50n

/** Splits `emission` as the contract does: every part floors to a gwei, what is left carries. */
export function splitPay(
  emission: bigint,
  bountyCap: bigint,
  { ownerCut, minersCut, validatorsCut }: Pick<SubnetParameters, 'ownerCut' | 'minersCut' | 'validatorsCut'>,
  { snapshot, result, permits }: Pick<Replayed, 'snapshot' | 'result' | 'permits'>,
): RebuiltPay {
  const nothing = { bounty: 0n, owner: 0n, incentive: 0n, take: 0n, pooled: 0n, notMinted: 0n }
  // Nobody had stake: everything carries.
  if (permits.length === 0) return { ...nothing, carried: emission, slots: [] }
  let whole = emission / GWEI
  const bounty = min((whole * BOUNTY_BPS) / BPS_ONE, bountyCap / GWEI)
  whole -= bounty
  const part = (bps: number) => (whole * BigInt(bps)) / BPS_ONE
  const [owner, miners, validators] = [part(ownerCut), part(minersCut), part(validatorsCut)]
  const takes = unpackWords(snapshot.takes, 16, snapshot.uids)
  const own = new Set(membersOf(snapshot.ownSlots, snapshot.uids))
  const sums = { incentive: 0n, own: 0n, take: 0n, pooled: 0n }
  const slots: SlotPay[] = []
  for (let uid = 0; uid < snapshot.uids; uid++) {
    const earned = result.minersVoted ? (miners * result.incentive[uid]!) / SHARE_ONE : 0n
    const pay = (validators * result.validatorPay[uid]!) / SHARE_ONE
    const take = (pay * takes[uid]!) / BPS_ONE
    const incentive = own.has(uid) ? 0n : earned
    sums.incentive += incentive
    sums.own += earned - incentive
    sums.take += take
    sums.pooled += pay - take
    if (incentive + pay > 0n) slots.push({ uid, owed: (incentive + take) * GWEI, pooled: (pay - take) * GWEI })
  }
  const notMinted = sums.own + (result.minersVoted ? 0n : miners)
  const paid = bounty + owner + sums.incentive + sums.take + sums.pooled + notMinted
  return {
    bounty: bounty * GWEI,
    owner: owner * GWEI,
    incentive: sums.incentive * GWEI,
    take: sums.take * GWEI,
    pooled: sums.pooled * GWEI,
    notMinted: notMinted * GWEI,
    carried: emission - paid * GWEI,
    slots,
  }
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}
