import type { RegistryFollower } from '@witan/chain'
import { createReceiptVerifier } from '@witan/protocol'
import { createValidatorBehaviour } from './behaviour/create-behaviour.js'
import { createChallengeDuty } from './duties/challenge-duty.js'
import { createCommitDuty } from './duties/commit-duty.js'
import { createRevealDuty } from './duties/reveal-duty.js'
import { createSettleDuty } from './duties/settle-duty.js'
import type { Duty } from './epoch/duty.js'
import { openBookJournal } from './journal/book-journal.js'
import { openChallengeJournal } from './journal/challenge-journal.js'
import type { CommitmentJournal } from './journal/commitment-journal.js'
import { openSeedJournal } from './journal/epoch-journal.js'
import type { ValidatorMetrics } from './metrics.js'
import type { Progress } from './progress.js'
import type { ValidatorModules, ValidatorOptions } from './validator-options.js'

export interface DutyModules extends ValidatorModules {
  readonly commitments: CommitmentJournal
  readonly registry: Pick<RegistryFollower, 'versions' | 'isCurrent'>
  readonly counted: ValidatorMetrics
  readonly progress: Progress
}

/** What the validator does every epoch: reveals first, because its window closes first. A copier asks nobody. */
export function createDuties(options: ValidatorOptions, modules: DutyModules): Duty[] {
  const { netuid, operator, domain, consensus } = options
  const { chain, transactions, database, random, commitments: journal, counted, progress } = modules
  const challenges = openChallengeJournal(database)
  const books = openBookJournal(database)
  const behaviour = createValidatorBehaviour(options.behaviour, { netuid, operator }, { chain, challenges, books })

  const reveal = createRevealDuty(
    { netuid },
    { chain, transactions, journal, onRevealed: (epoch) => progress.done('reveal', epoch) },
  )
  const commit = createCommitDuty(
    { netuid, operator, chainId: domain.chainId, consensus },
    { ...modules, journal, rows: behaviour.rows, onCommitted: (epoch) => progress.done('commit', epoch) },
  )
  const settle = createSettleDuty({ netuid, operator }, { chain, transactions, onSettled: progress.settled })
  if (!behaviour.challenges) return [reveal, commit, settle]
  const challenge = createChallengeDuty(
    { netuid, operator, domain, ...options.challenges },
    {
      ...modules,
      verifier: createReceiptVerifier(domain),
      seeds: openSeedJournal(database, random),
      journal: challenges,
      books,
      onDiscarded: () => counted.challengesDiscardedTotal.increment(),
      onJudged: progress.judged,
    },
  )
  return [reveal, commit, settle, challenge]
}
