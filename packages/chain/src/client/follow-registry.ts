import type { Hex } from '@witan/protocol'
import { type Clock, createLoop, createService, type Logger, type Service } from '@witan/runtime'
import type { Acceptance, AcceptedVersion } from './accepted.js'

export interface RegistryFollowerOptions {
  readonly netuid: number
  /** The model whose versions the node goes by; 0: only `modelVersion`. */
  readonly modelId: bigint
  /** The version of the configuration: the only one, or the one to go by while the model has no live version. */
  readonly modelVersion: Hex | undefined
  /** How often the registry is read, milliseconds. */
  readonly refreshMs: number
}

export interface RegistryFollowerModules {
  acceptedOn(netuid: number, signal?: AbortSignal): Promise<Acceptance>
  /** Told after every read. */
  onRead(versions: readonly FollowedVersion[]): void
  onError(error: unknown): void
  readonly clock: Clock
  readonly logger: Logger
}

/** A version that the node goes by. */
export interface FollowedVersion extends AcceptedVersion {
  /** Digests of the policies under which it is asked: the one in force, then those that have grace. */
  readonly policies: readonly Hex[]
}

export interface RegistryFollower extends Service {
  /** Those of the last read; live ones first. */
  versions(): readonly FollowedVersion[]
  /**
   * Whether whatever was decided since the last read leaves what it told counting. A node that judges others must not go by
   * more.
   */
  isCurrent(): boolean
  /**
   * Resolves after a read that began after the call: whoever asks may know of a newer decision. It waits until the last one is
   * a second old. A read that fails is told to `onError`.
   */
  refresh(signal?: AbortSignal): Promise<void>
}

/** Strangers who ask for unknown versions make a node read the chain at most this often. */
const LEAST_REFRESH_MS = 1_000

/** Without a grace period, reads that may fail one after the other. */
const MISSED_READS = 3

interface Replaced {
  readonly modelId: bigint
  readonly policy: Hex
  /** Unix seconds of chain time. */
  readonly until: number
}

/**
 * Keeps what a node serves or judges in step with the registry. A policy that was replaced counts for the registry's
 * grace period more, so that nothing in flight is lost. While the chain cannot be read, the last read stands.
 */
export function createRegistryFollower(
  options: RegistryFollowerOptions,
  modules: RegistryFollowerModules,
): RegistryFollower {
  const { netuid, refreshMs } = options
  const { acceptedOn, onRead, onError, clock, logger } = modules
  let followed: readonly FollowedVersion[] = []
  let replaced: readonly Replaced[] = []
  /** When the last read began. */
  let readAtMs = Number.NEGATIVE_INFINITY
  /** Until when the last read that succeeded is good for judging others. */
  let currentUntilMs = Number.NEGATIVE_INFINITY
  let reading: Promise<void> | undefined

  const read = async (signal?: AbortSignal) => {
    const beganMs = clock.monotonicMs()
    readAtMs = beganMs
    const acceptance = await acceptedOn(netuid, signal)
    const chosen = chooseVersions(acceptance, options)
    replaced = [...replaced, ...replacedBy(chosen, followed, acceptance)].filter(
      ({ until }) => until > acceptance.timestamp,
    )
    followed = chosen.map((version) => {
      const before = replaced.filter(({ modelId }) => modelId === version.modelId).map(({ policy }) => policy)
      return { ...version, policies: [...new Set([version.policy, ...before])] }
    })
    currentUntilMs = beganMs + Math.max(acceptance.gracePeriod * 1000, MISSED_READS * refreshMs)
    onRead(followed)
  }
  const readOnce = (signal?: AbortSignal): Promise<void> => {
    reading ??= read(signal).finally(() => {
      reading = undefined
    })
    return reading
  }
  const loop = createLoop(
    { name: 'registry', intervalMs: refreshMs, run: (signal) => readOnce(signal), onError },
    { clock, logger },
  )

  return {
    ...createService({
      async start(signal) {
        await readOnce(signal)
        await loop.start()
      },
      stop: () => loop.stop(),
    }),
    versions: () => followed,
    isCurrent: () => clock.monotonicMs() <= currentUntilMs,
    async refresh(signal) {
      const askedMs = clock.monotonicMs()
      const waitMs = readAtMs + LEAST_REFRESH_MS - askedMs
      if (waitMs > 0) await clock.sleep(waitMs, signal)
      await reading?.catch(() => undefined)
      // Others who waited may have read meanwhile.
      if (readAtMs <= askedMs) await readOnce().catch(onError)
    },
  }
}

function chooseVersions(
  { versions, subnetPolicy }: Acceptance,
  { modelId, modelVersion }: RegistryFollowerOptions,
): readonly AcceptedVersion[] {
  const ofModel = modelId === 0n ? [] : versions.filter((version) => version.modelId === modelId)
  if (ofModel.length > 0 || modelVersion === undefined) return ofModel
  const configured = versions.find(({ manifest }) => manifest === modelVersion)
  if (configured !== undefined) return [configured]
  // What an operator chose is served as long as it runs, paid for or not.
  if (modelId !== 0n) return []
  const unlisted = { modelId: 0n, number: 0, graceEndsAt: undefined, replaced: undefined }
  return [{ ...unlisted, manifest: modelVersion, policy: subnetPolicy }]
}

/** Policies that were in force at the last read and no longer are. */
function replacedBy(
  now: readonly AcceptedVersion[],
  before: readonly AcceptedVersion[],
  { timestamp, gracePeriod }: Acceptance,
): Replaced[] {
  return before.flatMap(({ modelId, policy }) => {
    const isReplaced = now.some((version) => version.modelId === modelId && version.policy !== policy)
    return isReplaced ? [{ modelId, policy, until: timestamp + gracePeriod }] : []
  })
}
