import type { RegistryFollower } from '@witan/chain'
import type { Stock } from '@witan/inference'
import { type Address, minerScore, type ScoreBook, U16_ONE, WitanError } from '@witan/protocol'
import { type Clock, createLimiter, type Logger } from '@witan/runtime'
import { chooseJudge } from '../challenge/choose-judge.js'
import { findExaminees } from '../challenge/find-examinees.js'
import { type JudgeModules, type JudgeOptions, judgeMiner, type Verdict } from '../challenge/judge-miner.js'
import { makeChallenge } from '../challenge/make-challenge.js'
import { type MechanismSources, mechanismFor } from '../challenge/mechanism.js'
import { isProbeRound, type PlannedChallenge, paceChallenges, planChallenges } from '../challenge/plan-challenges.js'
import type { Duty, DutyTurn } from '../epoch/duty.js'
import { challengePhase } from '../epoch/phases.js'
import type { BookJournal } from '../journal/book-journal.js'
import type { ChallengeJournal, JudgedChallenge } from '../journal/challenge-journal.js'
import type { SeedJournal } from '../journal/epoch-journal.js'
import type { ValidatorChain } from '../validator-chain.js'
import type { ValidatorNetwork } from '../validator-network.js'

export interface ChallengeOptions extends Omit<JudgeOptions, 'modelVersion' | 'policy'> {
  /** Challenges of each miner in an epoch. */
  readonly perMiner: number
  readonly sampleSize: number
  /** Challenges that may wait for an answer at a time. */
  readonly concurrency: number
}

export interface ChallengeDutyModules extends Omit<JudgeModules, 'network' | 'clock'>, MechanismSources {
  readonly chain: Pick<ValidatorChain, 'subnets'>
  readonly network: Pick<ValidatorNetwork, 'resolve' | 'describe' | 'infer'>
  readonly registry: Pick<RegistryFollower, 'versions' | 'isCurrent'>
  readonly stock: Pick<Stock, 'model' | 'rules'>
  readonly seeds: SeedJournal
  readonly journal: ChallengeJournal
  readonly books: BookJournal
  readonly clock: Clock
  readonly logger: Logger
  onDiscarded(): void
  onJudged(operator: Address, verdict: Verdict): void
}

/** Judges every miner of the epoch's sample by its plan; each verdict is journaled as it falls. */
export function createChallengeDuty(options: ChallengeOptions, modules: ChallengeDutyModules): Duty {
  const { netuid, operator, perMiner, sampleSize, concurrency, answerMs } = options
  const { chain, network, registry, stock, seeds, journal, books, clock, logger, onDiscarded, onJudged } = modules

  const planOf = async ({ epoch, signal }: DutyTurn): Promise<PlannedChallenge[]> => {
    const neurons = await chain.subnets.neurons(netuid)
    const modelVersions = registry.versions().map(({ manifest }) => manifest)
    const known = uidsWithScore(books.before(epoch, neurons))
    const roster = { operator, modelVersions }
    const examinees = await findExaminees(neurons, known, roster, { network, logger }, signal)
    return planChallenges(examinees, { seed: seeds.seedOf(epoch), perMiner, sampleSize })
  }

  const judge = async ({ epoch, now, signal }: DutyTurn, { examinee, round }: PlannedChallenge) => {
    const { uid, operator: miner, registeredAt } = examinee
    if (!registry.isCurrent()) throw new WitanError('MODEL_NOT_READY', 'What counts was not read for too long', {})
    const answeredBy = now + answerMs / 1000
    const { version, model, rules, isSameClass } = chooseJudge(examinee, registry.versions(), stock, answeredBy)
    const mechanism = mechanismFor(model.manifest.task, modules)
    const seed = seeds.seedOf(epoch)
    const challenge = await makeChallenge(
      { seed: `${seed}:challenge:${uid}:${round}`, isProbe: isProbeRound(round, { seed, perMiner, uid }) },
      { mechanism, judge: { model, isSameClass }, rules, onDiscarded },
      signal,
    )
    const asked = { ...options, modelVersion: version.manifest, policy: version.policy }
    const verdict = await judgeMiner(examinee, challenge, asked, modules, signal)
    journal.add({
      epoch,
      uid,
      round,
      operator: miner,
      registeredAt,
      content: challenge.content,
      expects: challenge.expects.kind,
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
      /** The turn as it is when a challenge is made: `now` goes on with this machine's clock. */
      const turnNow = (): DutyTurn => ({ ...turn, now: now + (clock.monotonicMs() - startedMs) / 1000 })
      const judging = paceChallenges(todo, leftMs, plannedMs).map(async ({ inMs, ...planned }) => {
        try {
          await clock.sleep(inMs, signal)
          await limiter.run(() => judge(turnNow(), planned), signal)
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

function journaled({
  error,
  receipt,
  ...verdict
}: Verdict): Pick<JudgedChallenge, 'requestId' | 'request' | 'result' | 'latencyMs' | 'code' | 'receipt'> {
  return { ...verdict, ...(error && { code: error.code }), ...(receipt && { receipt }) }
}
