/** Slots that a subnet's owner declared its own, from the start of an epoch on. */
export interface OwnVersion {
  /** Unix seconds. */
  readonly fromTime: number
  readonly uids: Set<number>
}

/** Sets or clears slots from `fromTime` on; a version that has not begun is overwritten. */
export function declareOwnSlots(versions: OwnVersion[], uids: readonly number[], own: boolean, fromTime: number): void {
  const last = versions.at(-1)
  const draft = last !== undefined && last.fromTime >= fromTime ? last : { fromTime, uids: new Set<number>(last?.uids) }
  if (draft !== last) versions.push(draft)
  for (const uid of uids) {
    if (own) draft.uids.add(uid)
    else draft.uids.delete(uid)
  }
}

/** The declared slots just before `time` whose holders then they were declared for. */
export function ownSlotsBefore(
  versions: readonly OwnVersion[],
  holders: readonly { readonly since: number }[],
  time: number,
): number[] {
  const version = versions.findLast(({ fromTime }) => fromTime < time)
  if (version === undefined) return []
  return [...version.uids].filter((uid) => (holders[uid]?.since ?? Infinity) < version.fromTime).sort((a, b) => a - b)
}
