import type { Hex } from '@witan/protocol'
import type { Intent } from '../../intent.js'
import type { Contracts } from '../../network/contracts.js'
import type { TrainingSet } from '../reads/read-models.js'
import { makeIntent } from './make-intent.js'

export interface NewModel {
  /** 1 to 31 bytes. */
  readonly name: string
  readonly netuid: number
  /** What forks pay: at most 5,000. */
  readonly forkBps: number
}

export interface NewModelVersion {
  readonly manifest: Hex
  /** Root of the SHA-256 digests of its files. */
  readonly weights: Hex
  /** Zero without one. */
  readonly evaluation: Hex
  /** keccak256 of the SPDX expression. */
  readonly licence: Hex
  /** An earlier version of the model; 0 without one. */
  readonly parent: number
  /** Ascending by number, and so the versions of each. */
  readonly trainedOn: readonly TrainingSet[]
}

export function modelIntents({ models }: Pick<Contracts, 'models'>) {
  return {
    createModel: ({ name, netuid, forkBps }: NewModel): Intent =>
      makeIntent(models, 'create', [name, netuid, forkBps], `create model ${name} for subnet ${netuid}`),

    forkModel: (parent: { modelId: bigint; version: number }, { name, netuid, forkBps }: NewModel): Intent =>
      makeIntent(
        models,
        'fork',
        [parent.modelId, parent.version, name, netuid, forkBps],
        `fork version ${parent.version} of model ${parent.modelId} as ${name} for subnet ${netuid}`,
      ),

    setForkShare: (modelId: bigint, forkBps: number): Intent =>
      makeIntent(
        models,
        'setForkShare',
        [modelId, forkBps],
        `let forks of model ${modelId} pay ${forkBps / 100} % from now on`,
      ),

    publishVersion: (modelId: bigint, version: NewModelVersion): Intent =>
      makeIntent(models, 'publish', [modelId, version], `publish ${version.manifest} as a version of model ${modelId}`),

    retireVersion: (modelId: bigint, version: number): Intent =>
      makeIntent(models, 'retire', [modelId, version], `retire version ${version} of model ${modelId} for good`),

    /** From anybody, once the feed stayed under the floor. */
    demoteVersion: (modelId: bigint): Intent =>
      makeIntent(models, 'demote', [modelId], `demote the live version of model ${modelId}`),
  }
}
