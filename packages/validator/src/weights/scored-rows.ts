import { type Address, scoreEpoch, weightsRow } from '@witan/protocol'
import type { BookJournal } from '../journal/book-journal.js'
import type { ChallengeJournal } from '../journal/challenge-journal.js'
import type { ValidatorChain } from '../validator-chain.js'
import type { RowSource } from './row-source.js'

export interface ScoredRowsModules {
  readonly chain: Pick<ValidatorChain, 'subnets'>
  readonly challenges: Pick<ChallengeJournal, 'outcomes'>
  readonly books: BookJournal
}

/**
 * The honest source: the outcomes of the epoch's challenges on top of what is remembered of each miner. Computed from the
 * journal alone, so it comes out the same after a restart. Nothing while no miner has earned a weight.
 */
export function createScoredRows(
  { netuid, operator }: { netuid: number; operator: Address },
  { chain, challenges, books }: ScoredRowsModules,
): RowSource {
  return {
    async rowFor(epoch) {
      const neurons = await chain.subnets.neurons(netuid)
      const book = scoreEpoch(books.before(epoch, neurons), challenges.outcomes(epoch, neurons))
      books.save(epoch, book, neurons)
      const ownUid = neurons.find((neuron) => neuron.operator === operator)?.uid ?? -1
      const row = weightsRow(book, neurons.length, ownUid)
      return row.some((weight) => weight > 0) ? row : undefined
    },
  }
}
