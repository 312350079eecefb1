import type { Address } from '@witan/protocol'
import type { Intent } from '../../intent.js'
import type { CompanionContracts } from '../../network/companions.js'
import { makeIntent } from './make-intent.js'

export function votesIntents({ votes }: Pick<CompanionContracts, 'votes'>) {
  return {
    delegateVotes: (to: Address): Intent =>
      makeIntent(votes, 'delegate', [to], `let ${to} vote with the sender's stake`),
  }
}
