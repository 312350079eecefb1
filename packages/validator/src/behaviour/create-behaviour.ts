import type { Address, BehaviourName } from '@witan/protocol'
import type { BookJournal } from '../journal/book-journal.js'
import type { ChallengeJournal } from '../journal/challenge-journal.js'
import type { ValidatorChain } from '../validator-chain.js'
import { createCopiedRows } from '../weights/copied-rows.js'
import type { RowSource } from '../weights/row-source.js'
import { createScoredRows } from '../weights/scored-rows.js'

/** How a validator comes to its weights. */
export interface ValidatorBehaviour {
  readonly name: BehaviourName<'validator'>
  /** Whether it asks miners at all. */
  readonly challenges: boolean
  readonly rows: RowSource
}

export interface BehaviourOptions {
  readonly netuid: number
  readonly operator: Address
}

export interface BehaviourModules {
  readonly chain: Pick<ValidatorChain, 'subnets' | 'settleInputs'>
  readonly challenges: Pick<ChallengeJournal, 'outcomes'>
  readonly books: BookJournal
}

type Create = (options: BehaviourOptions, modules: BehaviourModules) => Omit<ValidatorBehaviour, 'name'>

const POLICIES: Readonly<Record<BehaviourName<'validator'>, Create>> = {
  honest: (options, modules) => ({ challenges: true, rows: createScoredRows(options, modules) }),
  copier: (options, modules) => ({ challenges: false, rows: createCopiedRows(options, modules) }),
}

/** The policy of that name; `parseBehaviour` says where which name is allowed. */
export function createValidatorBehaviour(
  name: BehaviourName<'validator'>,
  options: BehaviourOptions,
  modules: BehaviourModules,
): ValidatorBehaviour {
  return { name, ...POLICIES[name](options, modules) }
}
