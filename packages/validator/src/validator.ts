import { checkRegistration, createRegistryFollower } from '@witan/chain'
import {
  type Address,
  type BehaviourName,
  type Description,
  type EpochSchedule,
  epochWindow,
  type Hex,
} from '@witan/protocol'
import {
  composeServices,
  createRecentErrors,
  createService,
  type Health,
  type RecentError,
  type Service,
} from '@witan/runtime'
import { createDuties } from './create-duties.js'
import { createDutyRunner, type DutyRunner } from './epoch/duty-runner.js'
import { createEpochClock, type EpochClock } from './epoch/epoch-clock.js'
import { openCommitmentJournal } from './journal/commitment-journal.js'
import { claimJournal, KEPT_EPOCHS, pruneJournal } from './journal/epoch-journal.js'
import { createValidatorMetrics } from './metrics.js'
import { createProgress } from './progress.js'
import type { ValidatorModules, ValidatorOptions } from './validator-options.js'

export interface ValidatorStatus {
  readonly role: 'validator'
  /** Undefined before the first start. */
  readonly uid: number | undefined
  readonly operator: Address
  readonly peerId: string
  readonly behaviour: BehaviourName<'validator'>
  readonly requests: number
  readonly failures: number
  readonly receiptsVerified: number
  /** Epochs; undefined while there was none. */
  readonly lastCommitted: number | undefined
  readonly lastRevealed: number | undefined
  readonly lastSettled: number | undefined
  readonly recentErrors: readonly RecentError[]
}

export interface Validator extends Service {
  /** A model or policy that it wants cannot be had for now. */
  noteMissing(what: 'model' | 'policy', digest: Hex, error: unknown): void
  status(): ValidatorStatus
  live(): Health
  ready(): Health
}

/** Blocks older than this mean that the chain or the way to it has stopped. */
const STALLED_AFTER_MS = 120_000

export function createValidator(options: ValidatorOptions, modules: ValidatorModules): Validator {
  const { netuid, operator, peerId, domain, consensus, modelId, modelVersion, software } = options
  const { chain, network, stock, record, database, clock, logger } = modules
  const fixed = modelId === 0n ? modelVersion : undefined
  const errors = createRecentErrors({}, { clock })
  const counted = createValidatorMetrics(modules.metrics, () => weightsAgeSeconds())
  const progress = createProgress(counted, { logger, errors })
  const commitments = openCommitmentJournal(database)
  const registry = createRegistryFollower(
    { netuid, modelId, modelVersion, refreshMs: options.registryRefreshMs },
    {
      acceptedOn: (id, signal) => chain.models.acceptedOn(id, signal),
      onRead: (counting) =>
        stock.want({
          models: counting.map(({ manifest }) => manifest),
          policies: counting.map(({ policy }) => policy),
        }),
      onError: progress.registryUnread,
      clock,
      logger,
    },
  )
  /** What is judged from the first moment on is loaded by then. */
  const following = createService({
    async start() {
      await registry.start()
      if (registry.versions().length === 0) logger.warn({ netuid, modelId }, 'no version of the model counts yet')
      await stock.settled()
      // An operator who chose the version hears at once why it does not run.
      const failure = fixed === undefined ? undefined : stock.failure(fixed)
      if (failure === undefined) return
      await registry.stop()
      throw failure
    },
    stop: () => registry.stop(),
  })
  const duties = createDuties(options, { ...modules, commitments, registry, counted, progress })
  let registered: { readonly uid: number; readonly schedule: EpochSchedule } | undefined
  let epochClock: EpochClock | undefined
  let runner: DutyRunner | undefined
  let parts: Service | undefined
  let stopping = new AbortController()
  let isScheduleStale = false
  let isReadingSchedule = false

  const weightsAgeSeconds = (): number => {
    const now = epochClock?.now()
    if (registered === undefined || now === undefined) return 0
    const { schedule } = registered
    const last = commitments.lastIn('revealed')
    return now - (last === undefined ? schedule.startedAt : epochWindow(schedule, last).endsAt)
  }

  /** The owner may have changed the length of epochs from this one on. */
  const readSchedule = async () => {
    if (registered === undefined || isReadingSchedule) return
    isReadingSchedule = true
    try {
      registered = { ...registered, schedule: (await chain.subnets.subnet(netuid)).schedule }
      isScheduleStale = false
    } catch (error) {
      progress.headUnread(error)
    } finally {
      isReadingSchedule = false
    }
  }

  const turnEpoch = (epoch: number) => {
    isScheduleStale = true
    // The epoch before may still be revealed; what is older may not.
    for (const missed of commitments.openBefore(epoch - 1)) {
      commitments.mark(missed, 'missed')
      progress.missed(missed)
    }
    pruneJournal(database, epoch - KEPT_EPOCHS)
  }

  const describe = (): Description => ({ models: [], load: { inFlight: 0, queued: 0, capacity: 0 }, software })

  const service = createService({
    async start(signal) {
      const [{ uid }, subnet] = await Promise.all([
        checkRegistration({ netuid, operator, modelVersion: fixed }, chain),
        chain.subnets.subnet(netuid),
      ])
      registered = { uid, schedule: subnet.schedule }
      signal.throwIfAborted()
      const schedule = () => registered!.schedule
      claimJournal(database, [domain.chainId, consensus, netuid, subnet.startedAt, operator].join(':'))
      stopping = new AbortController()
      runner = createDutyRunner(
        { schedule, duties },
        { clock, onError: ({ name }, epoch, error) => progress.failed(name, epoch, error) },
      )
      epochClock = createEpochClock(
        { schedule, tickMs: options.tickMs },
        {
          chainTime: async (reading) => (await chain.latestBlock(reading)).timestamp,
          onTick(now) {
            if (isScheduleStale) void readSchedule()
            runner?.tick(now, stopping.signal)
          },
          onEpoch: turnEpoch,
          onError: progress.headUnread,
          clock,
          logger,
        },
      )
      parts = composeServices([network.serveDescribe(describe), record, following, epochClock])
      await parts.start()
      logger.info({ netuid, uid, operator, behaviour: options.behaviour }, 'validator started')
    },
    async stop() {
      stopping.abort(new DOMException('The validator was stopped', 'AbortError'))
      await parts?.stop()
      await runner?.whenIdle()
      logger.info({ ...progress.counts() }, 'validator stopped')
    },
  })

  const isStalled = () => (epochClock?.ageMs() ?? 0) >= STALLED_AFTER_MS
  const isRunning = () => epochClock?.now() !== undefined && !stopping.signal.aborted
  const detail = () => ({ newestBlockAgeMs: epochClock?.ageMs(), weightsAgeSeconds: weightsAgeSeconds() })

  return {
    ...service,
    noteMissing: progress.missing,
    live: () => ({ ok: !isStalled(), detail: detail() }),
    ready: () => ({ ok: isRunning() && !isStalled(), detail: detail() }),
    status() {
      const { requests, failures, receiptsVerified, lastSettled } = progress.counts()
      return {
        role: 'validator',
        uid: registered?.uid,
        operator,
        peerId,
        behaviour: options.behaviour,
        requests,
        failures,
        receiptsVerified,
        lastCommitted: commitments.lastIn('committed', 'revealed'),
        lastRevealed: commitments.lastIn('revealed'),
        lastSettled,
        recentErrors: errors.list(),
      }
    },
  }
}
