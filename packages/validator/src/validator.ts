import {
  type Address,
  type BehaviourName,
  type Description,
  type EpochSchedule,
  epochAt,
  epochWindow,
} from '@witan/protocol'
import {
  composeServices,
  createLoop,
  createRecentErrors,
  createService,
  type Health,
  type RecentError,
  type Service,
} from '@witan/runtime'
import { createDuties } from './create-duties.js'
import { createDutyRunner, type DutyRunner } from './epoch/duty-runner.js'
import { openCommitmentJournal } from './journal/commitment-journal.js'
import { claimJournal, KEPT_EPOCHS, pruneJournal } from './journal/epoch-journal.js'
import { createValidatorMetrics } from './metrics.js'
import { createProgress } from './progress.js'
import { checkRegistration, type RegisteredValidator } from './registration.js'
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
  status(): ValidatorStatus
  live(): Health
  ready(): Health
}

/** The shortest phase, from closing the books to the end of the epoch, is a twentieth of it. */
const LOOKS_PER_EPOCH = 60

/** Blocks older than this mean that the chain or the way to it has stopped. */
const STALLED_AFTER_MS = 120_000

interface Head {
  /** Unix seconds. */
  readonly timestamp: number
  readonly seenAtMs: number
}

export function createValidator(options: ValidatorOptions, modules: ValidatorModules): Validator {
  const { netuid, operator, peerId, domain, consensus, modelVersion, software } = options
  const { chain, network, record, database, clock, logger } = modules
  const errors = createRecentErrors({}, { clock })
  const counted = createValidatorMetrics(modules.metrics, () => weightsAgeSeconds())
  const progress = createProgress(counted, { logger, errors })
  const commitments = openCommitmentJournal(database)
  const duties = createDuties(options, { ...modules, commitments, counted, progress })
  let registered: RegisteredValidator | undefined
  let head: Head | undefined
  let parts: Service | undefined
  let runner: DutyRunner | undefined
  let stopping = new AbortController()

  const weightsAgeSeconds = (): number => {
    if (registered === undefined || head === undefined) return 0
    const { schedule } = registered
    const last = commitments.lastIn('revealed')
    return head.timestamp - (last === undefined ? schedule.startedAt : epochWindow(schedule, last).endsAt)
  }

  const turnEpoch = (epoch: number) => {
    // The epoch before may still be revealed; what is older may not.
    for (const missed of commitments.openBefore(epoch - 1)) {
      commitments.mark(missed, 'missed')
      progress.missed(missed)
    }
    pruneJournal(database, epoch - KEPT_EPOCHS)
  }

  const look = async (schedule: EpochSchedule, signal: AbortSignal) => {
    const { timestamp } = await chain.latestBlock(signal)
    const epoch = epochAt(schedule, timestamp)
    if (head === undefined || epochAt(schedule, head.timestamp) < epoch) turnEpoch(epoch)
    if (head?.timestamp !== timestamp) head = { timestamp, seenAtMs: clock.monotonicMs() }
    runner?.tick(timestamp, stopping.signal)
  }

  const describe = (): Description => ({ models: [], load: { inFlight: 0, queued: 0, capacity: 0 }, software })

  const partsFor = (schedule: EpochSchedule): Service => {
    const intervalMs = Math.min(options.tickMs, (schedule.epochLength * 1000) / LOOKS_PER_EPOCH)
    const run = (signal: AbortSignal) => look(schedule, signal)
    const clockwork = createLoop({ name: 'epochs', intervalMs, run, onError: progress.headUnread }, { clock, logger })
    return composeServices([network.serveDescribe(describe), record, clockwork])
  }

  const service = createService({
    async start(signal) {
      registered = await checkRegistration({ netuid, operator, modelVersion }, chain)
      signal.throwIfAborted()
      const { schedule, uid } = registered
      claimJournal(database, [domain.chainId, consensus, netuid, schedule.startedAt, operator].join(':'))
      stopping = new AbortController()
      head = undefined
      const onError: Parameters<typeof createDutyRunner>[1]['onError'] = (duty, epoch, error) =>
        progress.failed(duty.name, epoch, error)
      runner = createDutyRunner({ schedule, duties }, { clock, onError })
      parts = partsFor(schedule)
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

  const headAgeMs = () => (head === undefined ? undefined : clock.monotonicMs() - head.seenAtMs)

  return {
    ...service,
    live: () => ({ ok: (headAgeMs() ?? 0) < STALLED_AFTER_MS, detail: { headAgeMs: headAgeMs() } }),
    ready: () => ({ ok: head !== undefined && !stopping.signal.aborted, detail: { headAgeMs: headAgeMs() } }),
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
