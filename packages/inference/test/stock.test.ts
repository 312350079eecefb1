import { type Hex, type Policy, WitanError, ZERO_DIGEST } from '@witan/protocol'
import { createManualClock } from '@witan/runtime'
import t from 'tap'
import {
  askGate,
  createOnnxEngine,
  createStock,
  type DigitRecord,
  digitsRecipe,
  drawDigit,
  isSameDigitAnswer,
  judgeInput,
  loadManifest,
  type ModelManifest,
  type Rules,
  readMnist,
  refusalBeforeGate,
  saveModel,
  type VerifiedModel,
  verifyModel,
} from '../src/index.js'
import { inputMediaType, outputMediaType } from '../src/policy/media-type.js'
import { withFolder } from './fixture.js'

const engine = await createOnnxEngine()
const records: DigitRecord[] = (await readMnist('training')).slice(0, 300)

/** A digits model of a second. */
async function trained(seed: number): Promise<VerifiedModel> {
  const models: VerifiedModel[] = []
  await withFolder(async (folder) => {
    const { weights } = await digitsRecipe.train({ records, seed, epochs: 1, batchSize: 100 })
    const { manifest, onnx } = digitsRecipe.exportModel(weights, engine.runtime)
    models.push(await verifyModel(await loadManifest(await saveModel(folder, manifest, onnx))))
  })
  return models[0]!
}

const [model, gateModel] = [await trained(1), await trained(2)]
const picture = records[0]!.pixels
const POLICY: Hex = `0x${'a1'.repeat(32)}`
const policy: Policy = {
  version: 1,
  tasks: ['digits'],
  input: { maxBytes: 784, mediaTypes: ['application/octet-stream'] },
  output: { maxBytes: 1_000, mediaTypes: ['application/json'] },
  refuse: [],
  gate: { modelVersion: gateModel.version, label: '4', thresholdPpm: 1_000_000 },
  notice: null,
  retentionSeconds: 0,
}

/** A stock of what `there` holds. */
function stockOf() {
  const clock = createManualClock(0)
  const there = new Map<Hex, VerifiedModel>([[model.version, model]])
  const documents = new Map<Hex, Policy>()
  const errors: string[] = []
  const find = <T>(map: ReadonlyMap<Hex, T>, key: Hex): T => {
    const found = map.get(key)
    if (found === undefined) throw new WitanError('MODEL_UNKNOWN', 'Not there')
    return found
  }
  const stock = createStock(
    { processes: 1, queue: 4 },
    {
      obtainModel: async (version) => find(there, version),
      obtainPolicy: async (digest) => find(documents, digest),
      onError: (what, digest) => errors.push(`${what} ${digest}`),
      clock,
    },
  )
  return { stock, clock, there, documents, errors }
}

t.test('models and policies come when they are wanted, a policy with its gate', async (t) => {
  const { stock, clock, there, documents, errors } = stockOf()
  await stock.start()
  stock.want({ models: [model.version], policies: [ZERO_DIGEST, POLICY] })
  await stock.settled()
  const { output } = await stock.model(model.version)!.run(picture)
  t.match(JSON.parse(new TextDecoder().decode(output)), { digit: Number })
  t.equal(stock.model(model.version)!.description().device.provider, 'cpu')
  t.same(errors, [`policy ${POLICY}`], 'no document for no policy')
  t.equal(stock.rules(POLICY), undefined)

  documents.set(POLICY, policy)
  await clock.advance(1_000)
  await stock.settled()
  t.equal(stock.rules(POLICY), undefined, 'without its gate it cannot be applied')
  t.same(errors.slice(1), [`model ${gateModel.version}`])
  t.match(stock.failure(gateModel.version), { code: 'MODEL_UNKNOWN' })
  t.ok(stock.model(model.version), 'the rest goes on')
  there.set(gateModel.version, gateModel)
  const loaded = Promise.withResolvers<void>()
  await clock.advance(1_000)
  // The process loads in real time.
  const look = () => (stock.rules(POLICY) === undefined ? setTimeout(look, 5) : loaded.resolve())
  look()
  await loaded.promise
  t.equal(stock.rules(POLICY)?.gate?.manifest, gateModel.manifest)
  await stock.stop()
  t.equal(stock.model(model.version), undefined)
  t.equal(clock.pending(), 0)
})

t.test('a run in progress ends before its model is let go', async (t) => {
  const { stock } = stockOf()
  await stock.start()
  stock.want({ models: [model.version], policies: [] })
  await stock.settled()
  const running = stock.model(model.version)!.run(picture)
  stock.want({ models: [], policies: [] })
  t.equal(stock.model(model.version), undefined, 'no new run')
  t.ok((await running).output.length > 0)
  await stock.stop()
})

t.test('whoever works with a model has it until the work is done', async (t) => {
  const { stock } = stockOf()
  await stock.start()
  stock.want({ models: [model.version], policies: [] })
  await stock.settled()
  const stocked = stock.model(model.version)!
  const decided = Promise.withResolvers<void>()
  const working = stocked.use(async () => {
    await decided.promise
    // As a request that waited in a queue while the registry let go of its version.
    return stocked.run(picture)
  })
  stock.want({ models: [], policies: [] })
  const stopped = stock.stop()
  decided.resolve()
  t.ok((await working).output.length > 0)
  await stopped
  await t.rejects(stocked.run(picture), { code: 'TASK_WORKER_LOST' }, 'and no longer')
})

t.test('what a gate says, and where it is not sure', async (t) => {
  const share = 0.5
  const judging = (four: number): Rules => {
    const answer = { digit: 4, probabilities: [0, 0, 0, 0, four, 0, 0, 0, 0, 0] }
    const output = new TextEncoder().encode(JSON.stringify(answer))
    const use = <T>(work: () => Promise<T>) => work()
    const gate = { manifest: gateModel.manifest, use, run: async () => ({ output, units: 1 }) }
    return { policy: { ...policy, gate: { ...policy.gate!, thresholdPpm: share * 1e6 } }, gate }
  }
  t.same(await askGate(judging(0.2), picture), { refusal: undefined, isClose: false })
  t.match(await askGate(judging(0.9), picture), { refusal: { rule: 'gate' }, isClose: false })
  t.match(await askGate(judging(0.50014), picture), { refusal: { rule: 'gate' }, isClose: true })
  t.match(await askGate(judging(0.49986), picture), { refusal: undefined, isClose: true })
  const other = judging(0.9)
  const labelled = (label: string) => ({ ...other, policy: { ...policy, gate: { ...policy.gate!, label } } })
  for (const label of ['10', 'four', '-1']) {
    await t.rejects(askGate(labelled(label), picture), { code: 'POLICY_GATE_UNFIT', facts: { label } })
  }
  const text = { ...other, gate: { ...other.gate!, run: async () => ({ output: picture, units: 1 }) } }
  await t.rejects(askGate(text, picture), { code: 'POLICY_GATE_UNFIT' })
  const large = await judgeInput(other, model.manifest, new Uint8Array(785))
  t.same(large, { refusal: { rule: 'input.maxBytes', value: 785 }, isClose: false }, 'the gate is not asked in vain')
  t.equal(refusalBeforeGate(policy, model.manifest, picture), undefined)
})

t.test('media types', async (t) => {
  const taking = (media: readonly string[], task = 'digits') =>
    ({ task, inputs: { media } }) as unknown as ModelManifest
  const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 1)
  const jpeg = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0)
  const images = taking(['image/png', 'image/jpeg'], 'text-recognition')
  t.equal(inputMediaType(images, png), 'image/png')
  t.equal(inputMediaType(images, jpeg), 'image/jpeg')
  t.equal(inputMediaType(images, picture), 'application/octet-stream', 'what the model does not take')
  t.equal(inputMediaType(taking(['text/plain']), png), 'text/plain', 'what the model takes it for')
  t.equal(inputMediaType(model.manifest, png), 'application/octet-stream')
  t.equal(inputMediaType({ ...images, inputs: null }, png), 'image/png')
  t.equal(outputMediaType(images), 'text/plain')
  t.equal(outputMediaType(model.manifest), 'application/json')
  t.equal(outputMediaType(taking([], 'other')), 'application/octet-stream')
})

t.test('pictures for challenges, and when two answers agree', async (t) => {
  let drawn = 0
  const chance = { below: (bound: number) => drawn++ % bound }
  const pictures = records.map(({ pixels }) => pixels)
  const { index, pixels } = drawDigit(pictures, chance)
  t.equal(pixels.length, 784)
  t.notSame(Buffer.from(pixels), Buffer.from(pictures[index]!), 'nobody has seen it')
  t.ok(pixels.filter((value) => value > 0).length > 30, 'something is written on it')

  const answer = (...probabilities: number[]) => new TextEncoder().encode(JSON.stringify({ digit: 0, probabilities }))
  const [zeros, tolerance] = [Array(8).fill(0), { absolute: 1e-4, relative: 1e-4 }] as const
  const wanted = answer(0.7, 0.3, ...zeros)
  t.ok(isSameDigitAnswer(answer(0.7001, 0.2999, ...zeros), wanted, tolerance))
  t.notOk(isSameDigitAnswer(answer(0.7003, 0.2997, ...zeros), wanted, tolerance))
  t.notOk(isSameDigitAnswer(answer(0.49999, 0.50001, ...zeros), answer(0.50001, 0.49999, ...zeros), tolerance))
  const [bytes, probabilities] = [(text: string) => new TextEncoder().encode(text), [0.7, 0.3, ...zeros]]
  const lies = [
    { digit: 1, probabilities },
    { digit: '0', probabilities },
    { digit: 0, probabilities, notice: 'buy this' },
    { probabilities },
  ]
  const wrongs = [
    '7',
    '{',
    '\ufeff{"digit":0,"probabilities":[0.7,0.3,0,0,0,0,0,0,0,0]}',
    ' {"digit":0,"probabilities":[0.7,0.3,0,0,0,0,0,0,0,0]}',
    ...lies.map((lie) => JSON.stringify(lie)),
  ]
  for (const wrong of [answer(0.7, 0.3), ...wrongs.map(bytes)]) {
    t.notOk(isSameDigitAnswer(wrong, wanted, tolerance), new TextDecoder().decode(wrong))
  }
})
