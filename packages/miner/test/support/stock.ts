import type { ModelManifest, Rules, Stock, StockedModel, TaskAnswer, TaskDescription } from '@witan/inference'
import type { Hex } from '@witan/protocol'

export const MODEL_DEVICE: TaskDescription = {
  task: 'text-recognition',
  unit: 'image',
  runtime: 'test/cpu',
  device: { engine: 'test', version: '1', provider: 'cpu', device: 'a processor', precision: 'float32' },
}

/** What the tests need of a manifest. */
export const manifestOf = (task = 'text-recognition', media: readonly string[] = ['image/png']): ModelManifest =>
  ({
    name: 'model',
    task,
    inputs: { media },
    tolerance: { absolute: 1e-4, relative: 1e-4 },
  }) as unknown as ModelManifest

export function modelOf(version: Hex, run: StockedModel['run'], manifest = manifestOf()): StockedModel {
  return { version, manifest, run, use: (work) => work(), description: () => MODEL_DEVICE }
}

export type TestStock = ReturnType<typeof stockOf>

/** Models and policies that are there at once when they are wanted and exist. */
export function stockOf(models: readonly StockedModel[], rules: Readonly<Record<Hex, Rules>> = {}) {
  const known = new Map(models.map((model) => [model.version, model]))
  const policies = new Map<string, Rules>(Object.entries(rules))
  let wanted: readonly Hex[] = []
  const stock: Pick<Stock, 'want' | 'model' | 'failure' | 'rules' | 'settled'> = {
    want: (next) => {
      wanted = [...next.models]
    },
    model: (version) => (wanted.includes(version) ? known.get(version) : undefined),
    failure: () => undefined,
    rules: (policy) => policies.get(policy),
    settled: async () => undefined,
  }
  return {
    ...stock,
    wanted: () => wanted,
    add: (model: StockedModel) => void known.set(model.version, model),
    learn: (policy: Hex, learnt: Rules) => void policies.set(policy, learnt),
  }
}

export const answering = (text: string): StockedModel['run'] => {
  const answer: TaskAnswer = { output: new TextEncoder().encode(text), units: 1 }
  return async () => answer
}
