import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemClock } from '@witan/runtime'
import t from 'tap'
import { readDigitFiles } from '../src/data/mnist.js'
import { digitValues } from '../src/digits/score-digits.js'
import {
  compareTensors,
  createOnnxEngine,
  createTaskPool,
  createTaskRunner,
  createTensor,
  type DigitRecord,
  digitsRecipe,
  type EpochReport,
  loadManifest,
  measureAccuracy,
  modelVersion,
  prepareModelFolder,
  readMnist,
  saveModel,
  type TrainingRequest,
  transformModel,
  type VerifiedModel,
  verifyModel,
  type Weights,
  withWrongLabels,
} from '../src/index.js'
import { createDigitsNetwork } from '../src/training/digits/network.js'
import { loadTensorFlow } from '../src/training/tensorflow.js'
import { decodeUtf8, ocrModel, withFolder } from './fixture.js'

const training = await readMnist('training')
const test = await readMnist('test')
const few = training.slice(0, 1000)
const engine = await createOnnxEngine()

const train = (change: Partial<TrainingRequest<DigitRecord>> = {}) =>
  digitsRecipe.train({ records: few, seed: 1, epochs: 3, batchSize: 100, ...change })

const fileOf = (weights: Weights) => digitsRecipe.exportModel(weights, engine.runtime)

/** The model as an operator gets it: written to a folder, found there and verified. */
async function verified(weights: Weights): Promise<VerifiedModel> {
  const models: VerifiedModel[] = []
  await withFolder(async (folder) => {
    const { manifest, onnx } = fileOf(weights)
    models.push(await verifyModel(await loadManifest(await saveModel(folder, manifest, onnx))))
  })
  return models[0]!
}

const trained = await train()
const model = await verified(trained.weights)

t.test('the data set is whole', async (t) => {
  t.same([training.length, test.length], [60_000, 10_000])
  t.same(
    training.slice(0, 10).map(({ label }) => label),
    [5, 0, 4, 1, 9, 2, 1, 3, 1, 4],
  )
  const counts = (records: readonly DigitRecord[]) =>
    Array.from({ length: 10 }, (_, digit) => records.filter(({ label }) => label === digit).length)
  // As published with the data set.
  t.same(counts(training), [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949])
  t.same(counts(test), [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009])
  t.ok(Math.max(...training[0]!.pixels) === 255 && training[0]!.pixels[0] === 0, 'a pen of 255 on a background of 0')
})

t.test('damaged files of a data set are refused', (t) =>
  withFolder(async (folder) => {
    const header = (...words: number[]) =>
      Buffer.concat(words.map((word) => Buffer.from(Uint32Array.of(word).buffer).swap32()))
    const labels = Buffer.concat([header(0x801, 2), Buffer.from([1, 2])])
    const write = (images: Buffer, labels: Buffer) =>
      Promise.all([
        writeFile(join(folder, 'a-images-idx3-ubyte'), images),
        writeFile(join(folder, 'a-labels-idx1-ubyte'), labels),
      ])
    await t.rejects(readDigitFiles(folder, 'a'), { code: 'DATA_SET_MISSING', facts: { reason: 'ENOENT' } })
    const images = Buffer.concat([header(0x803, 2, 28, 28), Buffer.alloc(2 * 784)])
    const damaged = [
      labels.subarray(0, 9),
      labels.subarray(0, 3),
      Buffer.concat([labels, labels]),
      header(0x803, 2),
      images,
    ]
    for (const bytes of damaged) {
      await write(images, bytes)
      await t.rejects(readDigitFiles(folder, 'a'), { code: 'DATA_SET_INVALID', facts: { file: /labels-idx1-ubyte$/ } })
    }
    await write(images, labels)
    t.same(
      (await readDigitFiles(folder, 'a')).map(({ label, pixels }) => [label, pixels.length]),
      [
        [1, 784],
        [2, 784],
      ],
    )
    await write(Buffer.concat([header(0x803, 1, 28, 28), Buffer.alloc(784)]), labels)
    await t.rejects(readDigitFiles(folder, 'a'), { code: 'DATA_SET_INVALID', facts: { images: '1×28×28', labels: 2 } })
    await write(images, Buffer.concat([header(0x801, 2), Buffer.from([1, 10])]))
    await t.rejects(readDigitFiles(folder, 'a'), { code: 'DATA_SET_INVALID', facts: { wrongLabel: 10 } })
  }),
)

t.test('a training learns, and tells how it goes', async (t) => {
  t.match(trained.backend, /^tfjs-4\.22\.0\/(wasm|tensorflow)$/)
  t.same(
    trained.epochs.map(({ epoch }) => epoch),
    [1, 2, 3],
  )
  const [first, , last] = trained.epochs as [EpochReport, EpochReport, EpochReport]
  t.ok(last.loss < 0.7 * first.loss, `loss ${first.loss} to ${last.loss}`)
  const { accuracy, correct, records } = await measureAccuracy(model, engine, test)
  t.equal(accuracy, correct / records)
  t.ok(accuracy > 0.75, `${correct} of ${records} test images after 30 steps`)
  const onTraining = await measureAccuracy(model, engine, few)
  t.equal(onTraining.accuracy, last.accuracy, 'the engine counts what the training counted')
})

t.test('ONNX Runtime gives what TensorFlow gives, on every test image', async (t) => {
  const { tf } = await loadTensorFlow()
  const tensorsBefore = tf.memory().numTensors
  const network = createDigitsNetwork(tf, trained.weights)
  const pictures = test.map(({ pixels }) => pixels)
  const expected = tf.tidy(() => network.logits(pictures).softmax().dataSync() as Float32Array)
  network.dispose()
  t.equal(tf.memory().numTensors, tensorsBefore, 'TensorFlow keeps nothing')
  const loaded = await engine.load(model)
  t.teardown(() => loaded.dispose())
  t.same([loaded.inputNames, loaded.outputNames], [['pixels'], ['probabilities']])
  const input = createTensor('float32', [test.length, 784], digitValues(pictures))
  const { probabilities } = await loaded.run({ pixels: input })
  t.same(probabilities?.dims, [10_000, 10])
  const comparison = compareTensors(probabilities!, createTensor('float32', [10_000, 10], expected), {
    absolute: 1e-4,
    relative: 0,
  })
  t.match(comparison, { within: true })
  t.ok(comparison.largestDifference > 0, 'they are two implementations')
  t.comment(`largest difference ${comparison.largestDifference}`)
})

t.test('seed and records decide the model, and nothing else does', async (t) => {
  const digest = async (change: Partial<TrainingRequest<DigitRecord>>) =>
    fileOf((await train({ epochs: 1, ...change })).weights).manifest.files[0]!.sha256
  const one = await digest({})
  t.equal(await digest({}), one, 'the same again')
  const others = [
    { seed: 2 },
    { records: few.toReversed() },
    { records: few.slice(1) },
    { batchSize: 50 },
    { epochs: 2 },
  ]
  const digests = await Promise.all(others.map(digest))
  t.equal(new Set([one, ...digests]).size, others.length + 1)
  const [aside, again] = await Promise.all([digest({ seed: 2 }), digest({})])
  t.same([aside, again], [digests[0], one], 'two trainings at a time do not touch each other')
  const recordDigests = [few, few.toReversed(), withWrongLabels(few, 0.001, 1)].map(digitsRecipe.digestRecords)
  t.equal(new Set(recordDigests).size, 3)
})

t.test('wrong labels are wrong, as many as asked for, and the seed chooses them', async (t) => {
  const wrong = withWrongLabels(few, 0.1, 7)
  const changed = few.flatMap((record, index) => (wrong[index]!.label === record.label ? [] : [index]))
  t.equal(changed.length, 100)
  t.ok(wrong.every(({ label, pixels }, index) => label >= 0 && label <= 9 && pixels === few[index]!.pixels))
  t.equal(new Set(changed.map((index) => (wrong[index]!.label - few[index]!.label + 10) % 10)).size, 9, 'by every step')
  t.same(withWrongLabels(few, 0.1, 7), wrong)
  t.notSame(withWrongLabels(few, 0.1, 8), wrong)
  t.same(withWrongLabels(few, 0, 7), few)
  t.equal(withWrongLabels(few, 1, 7).filter(({ label }, index) => label === few[index]!.label).length, 0)
  const taught = await train({ records: withWrongLabels(few, 1, 7), epochs: 5 })
  const { accuracy } = await measureAccuracy(await verified(taught.weights), engine, few)
  t.ok(accuracy < 0.1, `who is taught only wrong labels is right less often than chance: ${accuracy}`)
})

t.test('an abort ends a training between two steps', async (t) => {
  const controller = new AbortController()
  const seen: number[] = []
  const onEpoch = ({ epoch }: EpochReport) => {
    seen.push(epoch)
    if (epoch === 2) controller.abort(new Error('enough'))
  }
  await t.rejects(train({ epochs: 1000, onEpoch, signal: controller.signal }), { message: 'enough' })
  t.same(seen, [1, 2])
  const within = new AbortController()
  setImmediate(() => within.abort(new Error('within the epoch')))
  const onNone = () => t.fail('no epoch ends')
  await t.rejects(train({ records: training, onEpoch: onNone, signal: within.signal }), { message: 'within the epoch' })
  await t.rejects(train({ signal: AbortSignal.abort(new Error('before')) }), { message: 'before' })
  const { tf } = await loadTensorFlow()
  const tensors = tf.memory().numTensors
  await t.rejects(train({ signal: AbortSignal.abort(new Error('again')) }), { message: 'again' })
  t.equal(tf.memory().numTensors, tensors, 'and leaves nothing behind')
})

t.test('records that are no digits are named', async (t) => {
  const pixels = new Uint8Array(784)
  const wrong: [facts: object, records: DigitRecord[]][] = [
    [{ records: 0 }, []],
    [{ record: 1, label: 10 }, [few[0]!, { label: 10, pixels }]],
    [{ record: 0, label: -1 }, [{ label: -1, pixels }]],
    [{ record: 0, label: 1.5 }, [{ label: 1.5, pixels }]],
    [{ record: 0, pixels: 783 }, [{ label: 1, pixels: pixels.subarray(1) }]],
  ]
  for (const [facts, records] of wrong) {
    await t.rejects(train({ records }), { code: 'TRAINING_DATA_INVALID', facts })
    await t.rejects(measureAccuracy(model, engine, records), { code: 'TRAINING_DATA_INVALID', facts })
  }
  await t.rejects(measureAccuracy(await ocrModel(), engine, few), { code: 'MODEL_TASK_UNKNOWN' })
})

t.test('a trained model is served like any other', async (t) => {
  const runner = await createTaskRunner(model, engine)
  t.teardown(() => runner.dispose())
  t.match(runner.description, { task: 'digits', unit: 'image', runtime: model.manifest.runtime })
  let right = 0
  for (const { label, pixels } of test.slice(0, 200)) {
    const { output, units } = await runner.run(pixels)
    const { digit, probabilities } = JSON.parse(decodeUtf8(output))
    const sum = probabilities.reduce((total: number, value: number) => total + value, 0)
    t.ok(units === 1 && Math.abs(sum - 1) < 1e-5 && probabilities[digit] === Math.max(...probabilities))
    if (digit === label) right++
  }
  t.ok(right > 140, `${right} of 200 read`)
  for (const input of [new Uint8Array(0), new Uint8Array(783), new Uint8Array(1024 * 1024)]) {
    await t.rejects(runner.run(input), { code: 'IMAGE_FORMAT', exitCode: 65, facts: { bytes: input.length } })
  }
  const pool = createTaskPool({ processes: 1 }, { model, clock: systemClock })
  await pool.start()
  t.teardown(() => pool.stop())
  const { pixels } = test[0]!
  t.same(await pool.run(pixels), await runner.run(pixels), 'and by the pool of a miner')
  const change = (outputs: object) => ({ ...model, manifest: { ...model.manifest, outputs: outputs as never } })
  const format = { tensor: 'probabilities', values: 'probabilities', classes: 10 }
  await t.rejects(createTaskRunner(change({ ...format, classes: 11 }), engine), { code: 'MANIFEST_INVALID' })
  const other = await createTaskRunner(change({ ...format, tensor: 'logits' }), engine)
  await t.rejects(other.run(test[0]!.pixels), { code: 'TENSOR_INVALID', facts: { output: 'logits' } })
  await other.dispose()
})

t.test('a folder takes one model', (t) =>
  withFolder(async (folder) => {
    const { manifest, onnx } = fileOf(trained.weights)
    const target = join(folder, 'deep', 'model')
    await prepareModelFolder(target)
    await prepareModelFolder(target)
    const path = await saveModel(target, manifest, onnx)
    const located = await loadManifest(path)
    t.same(located.manifest, manifest)
    t.equal(located.version, modelVersion(manifest))
    await t.rejects(prepareModelFolder(target), { code: 'MODEL_FOLDER_UNUSABLE', exitCode: 77 })
    const other = fileOf((await train({ epochs: 1 })).weights)
    await t.rejects(saveModel(target, other.manifest, other.onnx), { code: 'MODEL_FOLDER_UNUSABLE' })
    t.same((await verifyModel(located)).files.get('model.onnx'), onnx, 'a refused model leaves the first as it was')
    await t.rejects(prepareModelFolder(path), { code: 'MODEL_FOLDER_UNUSABLE' }, 'a file is no folder')
    await t.rejects(prepareModelFolder(join(path, 'x')), { code: 'MODEL_FOLDER_UNUSABLE' })
    const altered = transformModel(model, (_, bytes) => bytes.subarray(0, 100))
    await t.rejects(measureAccuracy(altered, engine, few), { code: 'ENGINE_LOAD_FAILED' })
  }),
)
