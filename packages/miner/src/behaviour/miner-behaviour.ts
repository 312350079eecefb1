import type { TaskAnswer, VerifiedModel } from '@witan/inference'
import type { BehaviourName, Hex } from '@witan/protocol'
import type { AnswerJournal } from '../journal/answer-journal.js'

/** How a miner answers: a small policy around the registered model. */
export interface MinerBehaviour {
  readonly name: BehaviourName<'miner'>
  /** The model that is loaded in place of the registered one. */
  modelToLoad(registered: VerifiedModel): VerifiedModel
  /** The answer to one request; `run` asks the loaded model. */
  answer(run: () => Promise<TaskAnswer>, signal: AbortSignal, requestId: Hex): Promise<TaskAnswer>
  /** What it consults before it signs; `kept` holds it to one answer a request. */
  journal(kept: AnswerJournal): AnswerJournal
}
