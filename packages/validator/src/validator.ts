import {
  type Address,
  type BehaviourName,
  createReceiptVerifier,
  type Description,
  type Domain,
  type EpochSchedule,
  epochAt,
  epochWindow,
  type Hex,
} from '@witan/protocol'
import {
  type Clock,
  composeServices,
  createLoop,
  createRecentErrors,
  createService,
  type Database,
  type Health,
  type Logger,
  type Metrics,
  type Random,
  type RecentError,
  type Service,
} from '@witan/runtime'
import { createValidatorBehaviour } from './behaviour/create-behaviour.js'
import type { SentenceMaker } from './challenge/make-challenge.js'
import { createChallengeDuty } from './duties/challenge-duty.js'
import { createCommitDuty } from './duties/commit-duty.js'
import { createRevealDuty } from './duties/reveal-duty.js'
import { createSettleDuty } from './duties/settle-duty.js'
import { createDutyRunner, type DutyRunner } from './epoch/duty-runner.js'
import { openBookJournal } from './journal/book-journal.js'
import { openChallengeJournal } from './journal/challenge-journal.js'
import { openCommitmentJournal } from './journal/commitment-journal.js'
import { claimJournal, KEPT_EPOCHS, openSeedJournal, pruneJournal } from './journal/epoch-journal.js'
import { createValidatorMetrics } from './metrics.js'
import { createProgress } from './progress.js'
import { checkRegistration } from './registration.js'
import type { Transactions, ValidatorChain } from './validator-chain.js'
import type { ValidatorNetwork } from './validator-network.js'

export interface ValidatorOptions {
  readonly netuid: number
  readonly operator: Address
  readonly peerId: string
  readonly domain: Domain
  /** The Consensus contract. */
  readonly consensus: Address
  readonly modelVersion: Hex
  readonly behaviour: BehaviourName<'validator'>
  readonly challenges: {
    /** Of each miner in an epoch. */
    readonly perMiner: number
    /** Miners judged in an epoch. */
    readonly sampleSize: number
    /** Time for an answer, milliseconds. */
    readonly answerMs: number
    readonly concurrency: number
  }
  /** How often the chain's clock is looked at, milliseconds; more often where epochs are short. */
  readonly tickMs: number
  /** Name and version of the program, as `describe` tells it. */
  readonly software: string
}

export interface ValidatorModules {
  readonly chain: ValidatorChain
  readonly transactions: Transactions
  readonly network: ValidatorNetwork
  /** Runs the registered version; started and stopped by the caller. */
  readonly task: { run(input: Uint8Array, signal?: AbortSignal): Promise<{ readonly output: Uint8Array }> }
  readonly sentences: SentenceMaker
  /** Keeps the address record announced and known. */
  readonly record: Service
  /** Opened with `VALIDATOR_MIGRATIONS` and full durability; closed by the caller. */
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly metrics: Metrics
}

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

export function createValidator(options: ValidatorOptions, modules: ValidatorModules): Validator {
  const { netuid, operator, peerId, domain, consensus, modelVersion } = options
  const { chain, transactions, network, task, sentences, record, database, clock, random, logger } = modules
  const errors = createRecentErrors({}, { clock })
  const metrics = createValidatorMetrics(modules.metrics, () => weightsAgeSeconds())
  const progress = createProgress(metrics, { logger, errors })
  const commitments = openCommitmentJournal(database)
  const challenges = openChallengeJournal(database)
  const books = openBookJournal(database)
  const behaviour = createValidatorBehaviour(options.behaviour, { netuid, operator }, { chain, challenges, books })
  let registered: { uid: number; schedule: EpochSchedule } | undefined
  let head: { timestamp: number; seenAtMs: number } | undefined
  let stopping = new AbortController()
  let runner: DutyRunner | undefined
  let parts: Service | undefined

  const duties = [
    createRevealDuty(
      { netuid },
      { chain, transactions, journal: commitments, onRevealed: (epoch) => progress.done('reveal', epoch) },
    ),
    createCommitDuty(
      { netuid, operator, chainId: domain.chainId, consensus },
      {
        chain,
        transactions,
        journal: commitments,
        rows: behaviour.rows,
        random,
        onCommitted: (epoch) => progress.done('commit', epoch),
      },
    ),
    createSettleDuty({ netuid, operator }, { chain, transactions, onSettled: progress.settled }),
  ]
  const challengeDuty = createChallengeDuty(
    { netuid, operator, domain, modelVersion, ...options.challenges },
    {
      chain,
      network,
      task,
      sentences,
      verifier: createReceiptVerifier(domain),
      seeds: openSeedJournal(database, random),
      journal: challenges,
      books,
      clock,
      random,
      logger,
      onDiscarded: () => metrics.challengesDiscardedTotal.increment(),
      onJudged: progress.judged,
    },
  )

  const weightsAgeSeconds = (): number => {
    if (registered === undefined || head === undefined) return 0
    const last = commitments.lastIn('revealed')
    return (
      head.timestamp -
      (last === undefined ? registered.schedule.startedAt : epochWindow(registered.schedule, last).endsAt)
    )
  }

  const giveUpMissed = (epoch: number) => {
    for (const missed of commitments.openBefore(epoch)) {
      commitments.mark(missed, 'missed')
      progress.missed(missed)
    }
  }

  const tick = async (signal: AbortSignal) => {
    const { timestamp } = await chain.latestBlock(signal)
    const { schedule } = registered!
    const epoch = epochAt(schedule, timestamp)
    if (head === undefined || epochAt(schedule, head.timestamp) !== epoch) {
      // The epoch before may still be revealed.
      giveUpMissed(epoch - 1)
      pruneJournal(database, epoch - KEPT_EPOCHS)
    }
    if (head?.timestamp !== timestamp) head = { timestamp, seenAtMs: clock.monotonicMs() }
    runner?.tick(timestamp, stopping.signal)
  }
  const describe = (): Description => ({
    models: [],
    load: { inFlight: 0, queued: 0, capacity: 0 },
    software: options.software,
  })
  const partsFor = ({ epochLength }: EpochSchedule): Service =>
    composeServices([
      network.serveDescribe(describe),
      record,
      createLoop(
        {
          name: 'epochs',
          intervalMs: Math.min(options.tickMs, (epochLength * 1000) / LOOKS_PER_EPOCH),
          run: tick,
          onError: progress.headUnread,
        },
        { clock, logger },
      ),
    ])

  const service = createService({
    async start(signal) {
      registered = await checkRegistration({ netuid, operator, modelVersion }, chain)
      signal.throwIfAborted()
      const { schedule, uid } = registered
      claimJournal(database, [domain.chainId, consensus, netuid, schedule.startedAt, operator].join(':'))
      stopping = new AbortController()
      head = undefined
      runner = createDutyRunner(
        { schedule, duties: behaviour.challenges ? [...duties, challengeDuty] : duties },
        { clock, onError: (duty, epoch, error) => progress.failed(duty.name, epoch, error) },
      )
      parts = partsFor(schedule)
      await parts.start()
      logger.info({ netuid, uid, operator, behaviour: behaviour.name }, 'validator started')
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
        behaviour: behaviour.name,
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
