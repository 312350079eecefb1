import type { Address, Hex } from '@witan/protocol'
import { type Clock, createLimiter, type Logger } from '@witan/runtime'
import { findExaminees } from '../challenge/find-examinees.js'
import { type JudgeModules, type JudgeOptions, judgeMiner, type Verdict } from '../challenge/judge-miner.js'
import { type ChallengeModules, makeChallenge } from '../challenge/make-challenge.js'
import { type PlannedChallenge, planChallenges } from '../challenge/plan-challenges.js'
import type { Duty, DutyTurn } from '../epoch/duty.js'
import { challengePhase } from '../epoch/phases.js'
import type { BookJournal } from '../journal/book-journal.js'
import type { ChallengeJournal } from '../journal/challenge-journal.js'
import type { SeedJournal } from '../journal/epoch-journal.js'
import type { ValidatorChain } from '../validator-chain.js'
import type { ValidatorNetwork } from '../validator-network.js'

export interface ChallengeOptions extends JudgeOptions {
  /** Challenges of each miner in an epoch. */
  readonly perMiner: number
  readonly sampleSize: number
  /** Challenges that may wait for an answer at a time. */
  readonly concurrency: number
}

export interface ChallengeDutyModules extends Omit<JudgeModules, 'network' | 'clock'>, ChallengeModules {
  readonly chain: Pick<ValidatorChain, 'subnets'>
  readonly network: Pick<ValidatorNetwork, 'resolve' | 'describe' | 'infer'>
  readonly seeds: SeedJournal
  readonly journal: ChallengeJournal
  readonly books: BookJournal
  readonly clock: Clock
  readonly logger: Logger
  onJudged(operator: Address, verdict: Verdict): void
}

/** A challenge whose time has passed by this much, for instance while the process was down, is left out. */
const TOO_LATE_MS = 2_000

/** Judges every miner of the epoch's sample by its plan; each verdict is journaled as it falls. */
export function createChallengeDuty(options: ChallengeOptions, modules: ChallengeDutyModules): Duty {
  const { netuid, operator, perMiner, sampleSize, concurrency, answerMs } = options
  const { chain, network, seeds, journal, books, clock, logger, onJudged } = modules

  const planOf = async ({ epoch, window, signal }: DutyTurn): Promise<PlannedChallenge[]> => {
    const [{ modelVersions }, neurons] = await Promise.all([
      chain.subnets.subnet(netuid),
      chain.subnets.neurons(netuid),
    ])
    const known = new Set(books.before(epoch, neurons).keys())
    const roster = { operator, modelVersions }
    const examinees = await findExaminees(neurons, known, roster, { network, logger }, signal)
    const { from, to } = challengePhase(window)
    const spreadMs = Math.max(0, (to - from) * 1000 - answerMs)
    return planChallenges(examinees, { seed: seeds.seedOf(epoch), perMiner, sampleSize, spreadMs })
  }

  const judge = async (epoch: number, { examinee, round }: PlannedChallenge, signal: AbortSignal) => {
    const { uid, operator: miner, registeredAt } = examinee
    const challenge = await makeChallenge(`${seeds.seedOf(epoch)}:challenge:${uid}:${round}`, modules, signal)
    const verdict = await judgeMiner(examinee, challenge, options, modules, signal)
    journal.add({
      epoch,
      uid,
      round,
      operator: miner,
      registeredAt,
      sentence: challenge.sentence,
      ...journaled(verdict),
      judgedAtMs: clock.nowMs(),
    })
    onJudged(miner, verdict)
  }

  return {
    name: 'challenge',
    phase: challengePhase,
    async run(turn) {
      const { epoch, window, now, signal } = turn
      const beganMs = clock.monotonicMs() - (now - challengePhase(window).from) * 1000
      const limiter = createLimiter({ concurrency, queue: Number.POSITIVE_INFINITY })
      const judging: Promise<void>[] = []
      for (const planned of await planOf(turn)) {
        if (journal.has(epoch, planned.examinee.uid, planned.round)) continue
        const waitMs = beganMs + planned.atMs - clock.monotonicMs()
        if (waitMs < -TOO_LATE_MS) continue
        await clock.sleep(Math.max(0, waitMs), signal)
        judging.push(limiter.run(() => judge(epoch, planned, signal), signal))
      }
      await settleAll(judging)
      return 'done'
    },
  }
}

function journaled({ requestId, result, latencyMs, error, receipt }: Verdict): {
  requestId: Hex
  result: Verdict['result']
  latencyMs: number
  code?: string
  receipt?: NonNullable<Verdict['receipt']>
} {
  return { requestId, result, latencyMs, ...(error && { code: error.code }), ...(receipt && { receipt }) }
}

/** Waits for all, then rejects with the first failure. */
async function settleAll(promises: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(promises)
  const failed = results.find((result) => result.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}
