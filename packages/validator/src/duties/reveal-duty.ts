import { type ErrorCode, isWitanError, packRow, ZERO_DIGEST } from '@witan/protocol'
import type { Duty } from '../epoch/duty.js'
import { revealPhase } from '../epoch/phases.js'
import type { CommitmentJournal } from '../journal/commitment-journal.js'
import type { Transactions, ValidatorChain } from '../validator-chain.js'

export interface RevealModules {
  readonly chain: Pick<ValidatorChain, 'intents'>
  readonly transactions: Transactions
  readonly journal: CommitmentJournal
  onRevealed(epoch: number): void
}

/** The chain holds no commitment of ours, another one, or takes none any more. */
const CANNOT_BE_REVEALED: readonly ErrorCode[] = [
  'COMMITMENT_MISSING',
  'COMMITMENT_MISMATCH',
  'REVEAL_CLOSED',
  'UNREGISTERED_OPERATOR',
]

/** Reveals exactly what the journal says was committed, also when the process that committed it is long dead. */
export function createRevealDuty({ netuid }: { netuid: number }, modules: RevealModules): Duty {
  const { chain, transactions, journal, onRevealed } = modules
  return {
    name: 'reveal',
    phase: revealPhase,
    async run({ epoch, window, now, signal }) {
      const planned = journal.find(epoch)
      if (planned === undefined || planned.state === 'revealed' || planned.state === 'missed') return 'done'
      const { version, salt, weights } = planned
      const reveal = { netuid, epoch, version, packedRow: packRow(weights), evidenceRoot: ZERO_DIGEST, salt }
      try {
        await transactions.submit(chain.intents.reveal(reveal), {
          idempotenceKey: `reveal:${netuid}:${epoch}`,
          deadlineMs: (window.revealEndsAt - now) * 1000,
          signal,
        })
      } catch (error) {
        if (isWitanError(error, 'TOO_EARLY')) return { notBefore: now + 1 }
        if (isWitanError(error) && CANNOT_BE_REVEALED.includes(error.code)) journal.mark(epoch, 'missed')
        if (!isWitanError(error, 'ALREADY_REVEALED')) throw error
      }
      journal.mark(epoch, 'revealed')
      onRevealed(epoch)
      return 'done'
    },
  }
}
