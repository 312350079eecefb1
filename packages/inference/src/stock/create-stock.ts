import { type Hex, type Policy, ZERO_DIGEST } from '@witan/protocol'
import { type Clock, composeServices, createShelf } from '@witan/runtime'
import type { VerifiedModel } from '../model/verified-model.js'
import { createTaskPool, type TaskPoolOptions } from '../task/task-pool.js'
import type { ObtainModel, ObtainPolicy, Stock, StockedModel, Wanted } from './stock.js'

export interface StockModules {
  readonly obtainModel: ObtainModel
  readonly obtainPolicy: ObtainPolicy
  /** What is loaded in place of a model; the model itself when absent. */
  modelToLoad?(model: VerifiedModel): VerifiedModel
  onError(what: 'model' | 'policy', digest: Hex, error: unknown): void
  readonly clock: Clock
}

interface Loaded {
  readonly model: StockedModel
  /** Lets runs and work in progress end, then the processes. */
  unload(): Promise<void>
}

/** Each model has processes of its own, so that one is loaded or unloaded while another runs. */
export function createStock(options: Omit<TaskPoolOptions, 'runTimeoutMs'>, modules: StockModules): Stock {
  const { obtainModel, obtainPolicy, modelToLoad = (model) => model, onError, clock } = modules
  let wanted: Wanted = { models: [], policies: [] }

  const models = createShelf<Hex, Loaded>({
    obtain: async (version, signal) => {
      const model = modelToLoad(await obtainModel(version, signal))
      signal.throwIfAborted()
      return load(model, options, clock)
    },
    release: ({ unload }) => unload(),
    onError: (version, error) => onError('model', version, error),
    clock,
  })
  const policies = createShelf<Hex, Policy>({
    obtain: obtainPolicy,
    onObtained: () => wantModels(),
    onError: (digest, error) => onError('policy', digest, error),
    clock,
  })
  const gates = () => {
    const found = [...wanted.policies].map((digest) => policies.find(digest)?.gate?.modelVersion)
    return found.filter((version) => version !== undefined)
  }
  const wantModels = () => models.want([...wanted.models, ...gates()])

  return {
    ...composeServices([models, policies]),
    want(next) {
      wanted = { models: [...next.models], policies: [...next.policies].filter((digest) => digest !== ZERO_DIGEST) }
      policies.want(wanted.policies)
      wantModels()
    },
    model: (version) => models.find(version)?.model,
    failure: (version) => models.failure(version),
    rules(digest) {
      const policy = policies.find(digest)
      if (policy === undefined) return undefined
      const gate = policy.gate === null ? undefined : models.find(policy.gate.modelVersion)?.model
      return policy.gate !== null && gate === undefined ? undefined : { policy, gate }
    },
    async settled() {
      await policies.settled()
      await models.settled()
    },
  }
}

async function load(model: VerifiedModel, options: TaskPoolOptions, clock: Clock): Promise<Loaded> {
  const pool = createTaskPool(options, { model, clock })
  await pool.start()
  const inUse = new Set<Promise<unknown>>()
  const use = <T>(work: () => Promise<T>): Promise<T> => {
    const working = work()
    const ended = working.catch(() => undefined).finally(() => inUse.delete(ended))
    inUse.add(ended)
    return working
  }
  const { version, manifest } = model
  return {
    model: {
      version,
      manifest,
      run: (input, signal) => use(() => pool.run(input, signal)),
      use,
      description: () => pool.description(),
    },
    async unload() {
      await Promise.all(inUse)
      await pool.stop()
    },
  }
}
