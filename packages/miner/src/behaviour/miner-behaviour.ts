import type { TaskAnswer, VerifiedModel } from '@witan/inference'
import type { BehaviourName } from '@witan/protocol'

/** How a miner answers: a small policy around the registered model. */
export interface MinerBehaviour {
  readonly name: BehaviourName<'miner'>
  /** The model that is loaded in place of the registered one. */
  modelToLoad(registered: VerifiedModel): VerifiedModel
  /** The answer to one request; `run` asks the loaded model. */
  answer(run: () => Promise<TaskAnswer>, signal: AbortSignal): Promise<TaskAnswer>
}
