import { join, resolve } from 'node:path'
import { createOnnxEngine, type Engine, loadManifest, measureAccuracy, readMnist, verifyModel } from '@witan/inference'
import { defineCommand } from '../../command/command.js'
import type { CommandContext } from '../../command/context.js'
import { option } from '../../command/option.js'
import { asText } from '../../command/parse.js'
import { formatShare } from '../../output/numbers.js'

export const modelEvaluate = defineCommand({
  path: ['model', 'evaluate'],
  summary: 'Measure a model on the records that no training sees',
  options: {
    model: option.required('--model <folder>', 'folder of the model, as `model train` leaves it', asText),
  },
  examples: ['model evaluate --model digits-2 --json'],
  async run({ model }, context) {
    return measureFolder(resolve(context.directory, model), await createOnnxEngine(), context)
  },
  render: ({ accuracy, correct, testRecords, modelDigest, modelVersion, runtime }) =>
    [
      `accuracy  ${formatShare(accuracy)}: ${correct} of ${testRecords} test records`,
      `model     ${modelVersion}`,
      `graph     ${modelDigest}`,
      `runtime   ${runtime}`,
    ].join('\n'),
})

/** Verifies the model in the folder and runs it on the test records, with the engine that miners serve it with. */
export async function measureFolder(folder: string, engine: Engine, { signal }: CommandContext) {
  const located = await loadManifest(join(folder, 'manifest.json'))
  const model = await verifyModel(located)
  const {
    records: testRecords,
    correct,
    accuracy,
  } = await measureAccuracy(model, engine, await readMnist('test'), signal)
  const modelDigest = located.manifest.files.find(({ path }) => path.endsWith('.onnx'))?.sha256 ?? located.version
  return { modelVersion: located.version, modelDigest, runtime: engine.runtime, testRecords, correct, accuracy }
}
