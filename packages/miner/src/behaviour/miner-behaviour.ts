import type { FollowedVersion } from '@witan/chain'
import type { TaskAnswer, VerifiedModel } from '@witan/inference'
import type { BehaviourName, Hex } from '@witan/protocol'
import type { AnswerJournal } from '../journal/answer-journal.js'

/** A version that a miner says it serves. */
export interface Claim {
  readonly version: Hex
  /** The version that it loads for it. */
  readonly runs: Hex
  readonly policies: readonly Hex[]
}

/** How a miner answers: a small policy around the registered model. */
export interface MinerBehaviour {
  readonly name: BehaviourName<'miner'>
  /** The model that is loaded in place of the registered one. */
  modelToLoad(registered: VerifiedModel): VerifiedModel
  /** What it claims to serve, of the versions that count. */
  claim(counting: readonly FollowedVersion[]): readonly Claim[]
  /** Whether it applies the rules of the stakers' policy. */
  readonly appliesPolicy: boolean
  /** The answer to one request; `run` asks the loaded model. */
  answer(run: () => Promise<TaskAnswer>, signal: AbortSignal, requestId: Hex): Promise<TaskAnswer>
  /** What it consults before it signs; `kept` holds it to one answer a request. */
  journal(kept: AnswerJournal): AnswerJournal
}
