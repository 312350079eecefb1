import { type Address, type Hex, minerScore, type ScoreBook, U16_ONE } from '@witan/protocol'
import { type Clock, createLimiter, type Logger } from '@witan/runtime'
import { findExaminees } from '../challenge/find-examinees.js'
import { type JudgeModules, type JudgeOptions, judgeMiner, type Verdict } from '../challenge/judge-miner.js'
import { type ChallengeModules, makeChallenge } from '../challenge/make-challenge.js'
import { type PlannedChallenge, paceChallenges, planChallenges } from '../challenge/plan-challenges.js'
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

/** Judges every miner of the epoch's sample by its plan; each verdict is journaled as it falls. */
export function createChallengeDuty(options: ChallengeOptions, modules: ChallengeDutyModules): Duty {
  const { netuid, operator, perMiner, sampleSize, concurrency, answerMs } = options
  const { chain, network, seeds, journal, books, clock, logger, onJudged } = modules

  const planOf = async ({ epoch, signal }: DutyTurn): Promise<PlannedChallenge[]> => {
    const [{ modelVersions }, neurons] = await Promise.all([
      chain.subnets.subnet(netuid),
      chain.subnets.neurons(netuid),
    ])
    const known = uidsWithScore(books.before(epoch, neurons))
    const roster = { operator, modelVersions }
    const examinees = await findExaminees(neurons, known, roster, { network, logger }, signal)
    return planChallenges(examinees, { seed: seeds.seedOf(epoch), perMiner, sampleSize })
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
      const startedMs = clock.monotonicMs()
      const plan = await planOf(turn)
      const todo = plan.filter(({ examinee, round }) => !journal.has(epoch, examinee.uid, round))
      // The last answer must be there when the books close.
      const { from, to } = challengePhase(window)
      const plannedMs = (to - from) * 1000 - answerMs
      const readyMs = clock.monotonicMs()
      const leftMs = (to - now) * 1000 - answerMs - (readyMs - startedMs)
      const limiter = createLimiter({ concurrency, queue: todo.length })
      const failures: unknown[] = []
      const judging = paceChallenges(todo, leftMs, plannedMs).map(async ({ inMs, ...planned }) => {
        try {
          await clock.sleep(inMs, signal)
          await limiter.run(() => judge(epoch, planned, signal), signal)
        } catch (error) {
          failures.push(error)
        }
      })
      await Promise.all(judging)
      if (failures.length > 0) throw failures[0]
      return 'done'
    },
  }
}

/** Miners whose score is still worth a weight. */
function uidsWithScore(book: ScoreBook): Set<number> {
  return new Set([...book].filter(([, record]) => minerScore(record) * U16_ONE >= 1).map(([uid]) => uid))
}

function journaled({ requestId, request, result, latencyMs, error, receipt }: Verdict): {
  requestId: Hex
  request: Verdict['request']
  result: Verdict['result']
  latencyMs: number
  code?: string
  receipt?: NonNullable<Verdict['receipt']>
} {
  return { requestId, request, result, latencyMs, ...(error && { code: error.code }), ...(receipt && { receipt }) }
}
