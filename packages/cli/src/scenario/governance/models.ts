import { join } from 'node:path'
import type { Hex } from '@witan/protocol'
import { modelPublish } from '../../commands/model/publish.js'
import { runCommand } from '../run-command.js'
import type { Stage } from '../stage.js'
import { CREATOR } from './governance-network.js'

/** Decides first weights and orders of both versions. */
const SEED = 1
/** Passes over the records: enough to tell the versions apart, at half the time of the recipe's default. */
const EPOCHS = 5

/** What `witan model train --json` prints. */
export interface Trained {
  readonly recipe: string
  readonly seed: number
  readonly records: number
  readonly recordsDigest: Hex
  readonly accuracy: number
  readonly correct: number
  readonly testRecords: number
  readonly modelDigest: Hex
  readonly modelVersion: Hex
  readonly evaluationDigest: Hex
  readonly backend: string
  readonly seconds: number
}

/** Trains the digits recipe on a built data set, in a process of its own. */
export function trainOn(stage: Stage, dataset: string, out: string): Promise<Trained> {
  const named = ['--recipe', 'digits', '--seed', `${SEED}`, '--epochs', `${EPOCHS}`]
  const args = ['model', 'train', ...named, '--dataset', dataset, '--out', out]
  return runCommand<Trained>(args, stage.context)
}

/** Registers a trained version with its evaluation and the edition that it was trained on. */
export async function publishVersion(
  stage: Stage,
  trained: Trained,
  { folder, setId, edition, model }: { folder: string; setId: bigint; edition: number; model: bigint | undefined },
): Promise<{ modelId: bigint; version: number }> {
  const { modelId, version } = await modelPublish.run(
    {
      ...stage.as(CREATOR),
      manifest: join(folder, 'manifest.json'),
      model,
      netuid: model === undefined ? 1 : undefined,
      forkShare: 0,
      trainedOn: [{ setId, versions: [edition] }],
      evaluation: undefined,
      parent: 0,
    },
    stage.context,
  )
  const share = `${(100 * trained.accuracy).toFixed(2)} %`
  stage.tell(`version ${version}: ${share} of ${trained.testRecords} test images, after ${trained.records} records`)
  return { modelId, version: version! }
}
