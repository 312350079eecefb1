import { readFileSync } from 'node:fs'
import { createManualClock, createSeededRandom, systemClock } from '@witan/runtime'
import t from 'tap'
import {
  createOnnxEngine,
  createTaskPool,
  createTaskRunner,
  generateSentence,
  normalizeText,
  renderSentence,
  type TaskPoolOptions,
  type TaskRunner,
  transformModel,
  type VerifiedModel,
  zeroSmallestWeights,
} from '../src/index.js'
import { decodeUtf8, ocrModel, seededSentence } from './fixture.js'

async function countRead(runner: Pick<TaskRunner, 'run'>, sentences: number): Promise<number> {
  let read = 0
  for (let seed = 0; seed < sentences; seed++) {
    const { text, image } = await seededSentence(`sentence ${seed}`)
    const { output, units } = await runner.run(image)
    if (units === 1 && decodeUtf8(output) === normalizeText(text)) read++
  }
  return read
}

function prune(model: VerifiedModel): VerifiedModel {
  return transformModel(model, (path, bytes) => (path.endsWith('.onnx') ? zeroSmallestWeights(bytes) : bytes))
}

async function withPool(options: TaskPoolOptions, use: (pool: ReturnType<typeof createTaskPool>) => Promise<void>) {
  const pool = createTaskPool(options, { model: await ocrModel(), clock: systemClock })
  await pool.start()
  try {
    await use(pool)
  } finally {
    await pool.stop()
  }
}

t.test('sentences and images follow from the seed', async (t) => {
  const one = await seededSentence('seed')
  t.same(await seededSentence('seed'), one)
  t.not((await seededSentence('other seed')).text, one.text)
  const random = createSeededRandom('many')
  const sentences = Array.from({ length: 500 }, () => generateSentence(random))
  t.equal(new Set(sentences).size, 500)
  for (const sentence of sentences) t.match(sentence, /^[a-z]+( ([a-z]+|\d{1,4})){3,5}$/)
  t.equal(normalizeText('  a \n\t b  '), 'a b')
})

t.test('the model reads rendered sentences, a pruned one does not', async (t) => {
  const engine = await createOnnxEngine()
  const model = await ocrModel()
  const honest = await createTaskRunner(model, engine)
  const cheat = await createTaskRunner(prune(model), engine)
  t.teardown(() => Promise.all([honest.dispose(), cheat.dispose()]))
  t.match(honest.description, { task: 'text-recognition', unit: 'image', runtime: model.manifest.runtime })
  const read = await countRead(honest, 40)
  t.ok(read >= 37, `${read} of 40 read`)
  t.equal(await countRead(cheat, 20), 0)
})

t.test('a pool answers off the event loop and survives bad input', (t) =>
  withPool({ processes: 2 }, async (pool) => {
    t.match(pool.description(), { unit: 'image', device: { provider: 'cpu' } })
    const { text, image } = await seededSentence('pool')
    const answers = await Promise.all(Array.from({ length: 8 }, () => pool.run(image)))
    for (const { output } of answers) t.equal(decodeUtf8(output), text)
    const long = await renderSentence(`${'word '.repeat(80)}`, createSeededRandom('long'))
    const bad = [new Uint8Array(0), new Uint8Array(1), new Uint8Array(50 * 2 ** 20), image.subarray(0, 100), long]
    const codes = ['IMAGE_FORMAT', 'IMAGE_FORMAT', 'INPUT_TOO_LARGE', 'IMAGE_CORRUPT', 'IMAGE_ASPECT_RATIO']
    for (const [index, input] of bad.entries()) {
      await t.rejects(pool.run(input), { name: 'WitanError', code: codes[index]!, exitCode: 65 })
    }
    t.equal(decodeUtf8((await pool.run(image)).output), text)
  }),
)

t.test('a pool bounds its queue and lets go of aborted runs', (t) =>
  withPool({ processes: 1, queue: 1 }, async (pool) => {
    const { text, image } = await seededSentence('queue')
    const controller = new AbortController()
    const running = pool.run(image, controller.signal)
    const waiting = pool.run(image)
    t.same([pool.active(), pool.waiting()], [1, 1])
    await t.rejects(pool.run(image), { code: 'BUSY', exitCode: 75 })
    controller.abort(new Error('no longer wanted'))
    await t.rejects(running, { message: 'no longer wanted' })
    t.equal(decodeUtf8((await waiting).output), text, 'the process takes the next')
    await t.rejects(pool.run(image, AbortSignal.abort(new Error('late'))), { message: 'late' })
  }),
)

t.test('a process that hangs is replaced, a stopped pool refuses', async (t) => {
  const clock = createManualClock(0)
  const pool = createTaskPool({ processes: 1, runTimeoutMs: 1000 }, { model: await ocrModel(), clock })
  const { text, image } = await seededSentence('hang')
  await t.rejects(pool.run(image), { code: 'TASK_WORKER_LOST' }, 'before the start')
  await pool.start()
  const hanging = pool.run(image)
  await Promise.all([
    t.rejects(hanging, { code: 'TASK_WORKER_LOST', facts: { reason: /1000 ms/ } }),
    clock.advance(1000),
  ])
  t.equal(decodeUtf8((await pool.run(image)).output), text)
  const interrupted = pool.run(image)
  await Promise.all([t.rejects(interrupted, { code: 'TASK_WORKER_LOST' }), pool.stop()])
  await pool.stop()
  await t.rejects(pool.run(image), { code: 'TASK_WORKER_LOST', exitCode: 75 })
})

t.test('a process that crashes takes one run along, and nothing else', (t) =>
  withPool({ processes: 1 }, async (pool) => {
    const { text, image } = await seededSentence('crash')
    const [crashing] = childProcesses()
    const interrupted = pool.run(image)
    process.kill(crashing!, 'SIGSEGV')
    await t.rejects(interrupted, { code: 'TASK_WORKER_LOST', facts: { reason: 'signal SIGSEGV' } })
    t.equal(decodeUtf8((await pool.run(image)).output), text)
    t.equal(childProcesses().length, 1)
  }),
)

t.test('a process leaves signals of a group to its node, and never sees its settings', async (t) => {
  process.env.WITAN_PASSWORD_FILE = '/secret'
  t.teardown(() => {
    delete process.env.WITAN_PASSWORD_FILE
  })
  await withPool({ processes: 1 }, async (pool) => {
    const { text, image } = await seededSentence('signals')
    const before = childProcesses()
    const running = pool.run(image)
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(before[0]!, signal)
    t.equal(decodeUtf8((await running).output), text)
    t.equal(decodeUtf8((await pool.run(image)).output), text)
    t.same(childProcesses(), before, 'the same process')
    t.notMatch(readFileSync(`/proc/${before[0]}/environ`, 'utf8'), /WITAN_|secret/)
  })
})

// Threads instead of processes took the whole process along here, now and then.
t.test('a pool may stop at any moment of a load or a run', async (t) => {
  const random = createSeededRandom('stops')
  const model = await ocrModel()
  const { image } = await seededSentence('stop')
  for (let round = 0; round < 8; round += 1) {
    const pool = createTaskPool({ processes: 2 }, { model, clock: systemClock })
    const loading = round % 2 === 0
    const started = pool.start()
    if (!loading) await started
    const work = Promise.allSettled(loading ? [started] : [pool.run(image), pool.run(image)])
    await new Promise((resolve) => systemClock.schedule(random.below(loading ? 400 : 60), () => resolve(undefined)))
    await pool.stop()
    await work
    t.same(childProcesses(), [], `round ${round}`)
  }
})

t.test('a pool whose model cannot be loaded does not start and leaves no process', async (t) => {
  const broken = transformModel(await ocrModel(), () => new Uint8Array(10))
  const pool = createTaskPool({ processes: 2 }, { model: broken, clock: systemClock })
  await t.rejects(pool.start(), { code: 'ENGINE_LOAD_FAILED' })
  await t.rejects(pool.start(), { code: 'ENGINE_LOAD_FAILED' })
  t.same(childProcesses(), [])
})

/** Of this test, by process id. */
function childProcesses(): number[] {
  const { pid } = process
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
}
