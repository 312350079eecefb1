import { isWitanError } from '@witan/protocol'
import { createSeededRandom } from '@witan/runtime'
import t from 'tap'
import { checkImage } from '../src/image/check-image.js'
import { decodeImage } from '../src/image/decode-image.js'
import {
  compareTensors,
  createOnnxEngine,
  createTaskRunner,
  createTensor,
  probeDevices,
  transformModel,
  zeroSmallestWeights,
} from '../src/index.js'
import { imageTensor } from '../src/ocr/image-tensor.js'
import { readTextRecipe } from '../src/ocr/text-recipe.js'
import { ocrModel, seededSentence } from './fixture.js'

t.test('providers are reported as they are, and never replaced', async (t) => {
  const reports = await probeDevices()
  t.match(
    reports.find(({ provider }) => provider === 'cpu'),
    { usable: true, reason: '' },
  )
  for (const { usable, reason } of reports) t.equal(reason === '', usable)
  await t.rejects(createOnnxEngine({ provider: 'abacus' }), {
    code: 'ENGINE_PROVIDER_MISSING',
    facts: { provider: 'abacus', available: /cpu/ },
  })
  for (const { provider, reason } of reports.filter(({ usable }) => !usable)) {
    await t.rejects(createOnnxEngine({ provider }), { code: 'ENGINE_PROVIDER_MISSING', facts: { reason } })
  }
})

t.test('the engine runs a model and refuses what does not fit it', async (t) => {
  const engine = await createOnnxEngine()
  const model = await ocrModel()
  t.equal(engine.runtime, model.manifest.runtime, 'this engine is the class that the manifest names')
  const loaded = await engine.load(model)
  t.teardown(() => loaded.dispose())
  t.match(loaded, { inputNames: ['x'], device: { engine: 'onnxruntime', provider: 'cpu', precision: 'float32' } })

  const pixels = (width: number) => createTensor('float32', [1, 3, 48, width], new Float32Array(3 * 48 * width))
  const outputs = await loaded.run({ x: pixels(64) })
  t.same(outputs['softmax_11.tmp_0']?.dims, [1, 8, 6625])
  await t.rejects(loaded.run({}), { code: 'TENSOR_INVALID', facts: { expected: 'x', given: '' } })
  await t.rejects(loaded.run({ x: pixels(8), y: pixels(8) }), { code: 'TENSOR_INVALID' })
  const misfits = [
    createTensor('int64', [1, 3, 48, 1], new BigInt64Array(144)),
    createTensor('float32', [1], new Float32Array(1)),
    createTensor('float32', [1, 3, 32, 1], new Float32Array(96)),
  ]
  for (const x of misfits) await t.rejects(loaded.run({ x }), { code: 'TENSOR_INVALID', facts: { input: 'x' } })
  await t.rejects(loaded.run({ x: pixels(8) }, AbortSignal.abort(new Error('enough'))), { message: 'enough' })
  t.same(await loaded.run({ x: pixels(64) }), outputs, 'runs are bitwise equal and go on after errors')

  const garbage = transformModel(model, () => new Uint8Array(100))
  await t.rejects(engine.load(garbage), { code: 'ENGINE_LOAD_FAILED', exitCode: 65 })
  const talk = { ...model, manifest: { ...model.manifest, task: 'small-talk' } }
  await t.rejects(createTaskRunner(talk, engine), {
    code: 'MODEL_TASK_UNKNOWN',
    facts: { known: 'text-recognition, digits' },
  })
})

t.test('another runtime class answers within the tolerance of the manifest', async (t) => {
  const model = await ocrModel()
  const recipe = readTextRecipe(model)
  const exact = await (await createOnnxEngine()).load(model)
  const other = await createOnnxEngine({ optimization: 'disabled' })
  t.not(other.runtime, model.manifest.runtime)
  const plain = await other.load(model)
  t.teardown(() => Promise.all([exact.dispose(), plain.dispose()]))
  for (let seed = 0; seed < 10; seed++) {
    const { image } = await seededSentence(`class ${seed}`)
    const input = { x: imageTensor(await decodeImage(checkImage(image, 66)), recipe) }
    const [expected, actual] = [await exact.run(input), await plain.run(input)].map(
      (outputs) => outputs[recipe.outputTensor]!,
    )
    t.match(compareTensors(actual!, expected!, model.manifest.tolerance), { within: true })
  }
})

t.test('a pruned model is still a model, with zeros among its large weights', async (t) => {
  const graph = (await ocrModel()).files.get('model.onnx')!
  const before = graph.slice()
  const pruned = zeroSmallestWeights(graph)
  t.same(Buffer.compare(graph, before), 0, 'the original is untouched')
  t.equal(pruned.length, graph.length)
  const zeros = (bytes: Uint8Array) => bytes.reduce((count, byte) => count + Number(byte === 0), 0)
  const share = (zeros(pruned) - zeros(graph)) / graph.length
  t.ok(share > 0.28 && share < 0.31, `${share} of the bytes became zero`)
  t.same(Buffer.compare(zeroSmallestWeights(graph, 0.3, 2 ** 30), graph), 0, 'small tensors stay')
})

t.test('bytes that are not ONNX give a coded error', async (t) => {
  const random = createSeededRandom('not onnx')
  const graph = (await ocrModel()).files.get('model.onnx')!.subarray(0, 20_000)
  for (let index = 0; index < 500; index++) {
    const bytes = index % 2 === 0 ? random.bytes(random.below(300)) : graph.slice(0, random.below(graph.length))
    try {
      zeroSmallestWeights(bytes)
    } catch (error) {
      if (!isWitanError(error, 'ONNX_MALFORMED')) t.fail(String(error))
    }
  }
})
