import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  createOnnxEngine,
  createTaskRunner,
  digitsRecipe,
  loadManifest,
  readMnist,
  type TaskRunner,
  verifyModel,
} from '@witan/inference'
import { type Hex, type Policy, policyDigest } from '@witan/protocol'

export interface DigitModel {
  readonly version: Hex
  /** Path of its manifest. */
  readonly manifest: string
  readonly runner: TaskRunner
}

/** Trains a small digits model and writes it into the folder under the name. */
export async function trainDigits(folder: string, name: string, seed: number): Promise<DigitModel> {
  mkdirSync(folder, { recursive: true })
  const engine = await createOnnxEngine()
  const records = (await readMnist('training')).slice(0, 2_000)
  const { weights } = await digitsRecipe.train({ records, seed, epochs: 3, batchSize: 100 })
  const { onnx, manifest } = digitsRecipe.exportModel(weights, engine.runtime)
  const files = manifest.files.map((file) => ({ ...file, source: `file:${name}.onnx` }))
  writeFileSync(join(folder, `${name}.onnx`), onnx)
  const path = join(folder, `${name}.json`)
  writeFileSync(path, JSON.stringify({ ...manifest, name, files }))
  const model = await verifyModel(await loadManifest(path))
  return { version: model.version, manifest: path, runner: await createTaskRunner(model, engine) }
}

/** Writes a policy as nodes find it; returns its digest. */
export function writePolicy(folder: string, change: Partial<Policy>): Hex {
  const policy: Policy = {
    version: 1,
    tasks: ['digits'],
    input: { maxBytes: 1_024, mediaTypes: [] },
    output: { maxBytes: 4_096, mediaTypes: [] },
    refuse: [],
    gate: null,
    notice: null,
    retentionSeconds: 60,
    ...change,
  }
  const digest = policyDigest(policy)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${digest}.json`), JSON.stringify(policy))
  return digest
}

/** A test picture that the model reads right and is sure of. */
export async function pictureOf(digit: number, { runner }: DigitModel): Promise<Uint8Array> {
  for (const { label, pixels } of await readMnist('test')) {
    if (label !== digit) continue
    const { output } = await runner.run(pixels)
    const answer = JSON.parse(new TextDecoder().decode(output))
    if (answer.digit === digit && answer.probabilities[digit] > 0.9) return pixels
  }
  throw new Error(`the model is sure of no ${digit}`)
}
