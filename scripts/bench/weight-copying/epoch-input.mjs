const EPOCH = 1_000

/** One of a run of epochs in which nobody registers: uids with stake vote in every epoch, the others are miners. */
export function epochInput({ epoch, stakes, uids, rows, bonds, rules }) {
  const perUid = (value) => Array.from({ length: uids }, (_, uid) => value(uid))
  const endsAt = (epoch + 2) * EPOCH
  const isVoter = perUid((uid) => uid < stakes.length)
  return {
    ...rules,
    endsAt,
    activityCutoff: 14 * EPOCH,
    lastSettledEnd: endsAt - EPOCH,
    permits: isVoter,
    newPermits: isVoter,
    withheld: perUid(() => false),
    stake: perUid((uid) => stakes[uid] ?? 0),
    registeredAt: perUid(() => 0),
    lastUpdate: perUid(() => endsAt),
    committedAt: perUid(() => endsAt - 1),
    rows: perUid((uid) => rows[uid] ?? []),
    bonds,
  }
}
