import { quantiseStake, selectPermits } from '@witan/protocol'
import { createDraw } from '../support/draw.mjs'

/** An epoch of `uids` slots in which the first `validators` vote for everybody, each with noise of its own. */
export function voteInput(validators, uids, isLiquid = false) {
  const draw = createDraw(validators * uids)
  const perUid = (value) => Array.from({ length: uids }, (_, uid) => value(uid))
  const stake = quantiseStake(perUid((uid) => (uid < validators ? BigInt(1 + draw(1_000)) * 10n ** 18n : 0n)))
  const permits = selectPermits(stake, validators)
  const quality = perUid((uid) => (uid < validators ? 0 : 10_000 + draw(40_000)))
  const noisyRow = (uid) => (permits[uid] ? quality.map((score) => (score === 0 ? 0 : score + draw(10_000))) : [])
  return {
    kappa: 32_767,
    bondsPenalty: 65_535,
    bondsAlphaPpm: 100_000,
    liquidAlpha: isLiquid ? { low: 45_875, high: 58_982, steepness: 1_000 } : undefined,
    endsAt: 1_000,
    activityCutoff: 500,
    lastSettledEnd: 900,
    permits,
    newPermits: permits,
    withheld: perUid(() => false),
    stake,
    registeredAt: perUid(() => 100),
    lastUpdate: perUid(() => 990),
    committedAt: perUid(() => 950),
    rows: perUid(noisyRow),
    bonds: perUid(noisyRow),
  }
}
