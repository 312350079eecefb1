import type { EpochWindow, SubnetParameters } from '@witan/protocol'

/** Parameters of a subnet from an epoch on, as `SubnetCreated` and `ParametersSet` tell. */
export interface Version {
  readonly fromEpoch: number
  /** Unix seconds. */
  readonly fromTime: number
  readonly parameters: SubnetParameters
}

/** A version is pending until its first epoch begins, and may be overwritten until then. */
export function addVersion(versions: Version[], version: Version, now: number): void {
  if (versions.at(-1)!.fromTime > now) versions.pop()
  versions.push(version)
}

export function pendingVersion(versions: readonly Version[], now: number): Version | undefined {
  const last = versions.at(-1)!
  return last.fromTime > now ? last : undefined
}

export function versionAt(versions: readonly Version[], now: number): Version {
  return versions.findLast(({ fromTime }) => fromTime <= now) ?? versions[0]!
}

export function versionOf(versions: readonly Version[], epoch: number): Version {
  return versions.findLast(({ fromEpoch }) => fromEpoch <= epoch) ?? versions[0]!
}

export function runningEpoch(versions: readonly Version[], now: number): number {
  const { fromEpoch, fromTime, parameters } = versionAt(versions, now)
  return fromEpoch + Math.floor((now - fromTime) / parameters.epochLength)
}

/** Where the epoch after the running one starts. */
export function nextStart(versions: readonly Version[], now: number): number {
  return startOf(versions, runningEpoch(versions, now) + 1)
}

/** `ISubnetTerms.windows` (docs/design/0008). */
export function windowOf(versions: readonly Version[], epoch: number): EpochWindow {
  const { epochLength, revealWindow } = versionOf(versions, epoch).parameters
  const nextLength = versionOf(versions, epoch + 1).parameters.epochLength
  const startsAt = startOf(versions, epoch)
  const endsAt = startsAt + epochLength
  return {
    startsAt,
    endsAt,
    revealEndsAt: endsAt + Math.min(revealWindow, Math.floor(nextLength / 2)),
    settleEndsAt: endsAt + Math.min(epochLength, nextLength),
  }
}

function startOf(versions: readonly Version[], epoch: number): number {
  const { fromEpoch, fromTime, parameters } = versionOf(versions, epoch)
  return fromTime + (epoch - fromEpoch) * parameters.epochLength
}
