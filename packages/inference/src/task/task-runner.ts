import { WitanError } from '@witan/protocol'
import { readDigitFormat } from '../digits/digit-format.js'
import { recognizeDigit } from '../digits/recognize-digit.js'
import type { DeviceDescription, Engine, LoadedModel } from '../engine/engine.js'
import type { VerifiedModel } from '../model/verified-model.js'
import { recognizeText } from '../ocr/recognize-text.js'
import { readTextRecipe } from '../ocr/text-recipe.js'

export interface TaskAnswer {
  /** Canonical bytes of the answer, as digested in a receipt; UTF-8 for text and JSON. */
  readonly output: Uint8Array
  /** What is charged for: images for `text-recognition` and `digits`. */
  readonly units: number
}

/** Where and how a task runs, as `describe` reports it. */
export interface TaskDescription {
  readonly task: string
  readonly unit: string
  /** Class in which answers are bitwise equal. */
  readonly runtime: string
  readonly device: DeviceDescription
}

/** A model behind bytes in, bytes out. */
export interface TaskRunner {
  readonly description: TaskDescription
  /** @throws WitanError with exit 65 for an input that the task does not accept, or as the engine */
  run(input: Uint8Array, signal?: AbortSignal): Promise<TaskAnswer>
  dispose(): Promise<void>
}

type CreateRunner = (model: VerifiedModel, engine: Engine) => Promise<TaskRunner>

const TASKS: Readonly<Record<string, CreateRunner>> = {
  'text-recognition': async (model, engine) => {
    const recipe = readTextRecipe(model)
    return textRunner(model, engine, (input, loaded, signal) => recognizeText(input, recipe, loaded, signal))
  },
  digits: async (model, engine) => {
    const format = readDigitFormat(model.manifest)
    return textRunner(model, engine, (input, loaded, signal) => recognizeDigit(input, format, loaded, signal))
  },
}

/**
 * Loads the model and runs it on the calling thread, as the manifest's `task` asks.
 * @throws WitanError MODEL_TASK_UNKNOWN, MANIFEST_INVALID, ENGINE_LOAD_FAILED
 */
export async function createTaskRunner(model: VerifiedModel, engine: Engine): Promise<TaskRunner> {
  const { name, task } = model.manifest
  const create = Object.hasOwn(TASKS, task) ? TASKS[task] : undefined
  if (create !== undefined) return create(model, engine)
  throw new WitanError('MODEL_TASK_UNKNOWN', 'The model is for a task that this release cannot run', {
    facts: { model: name, task, known: Object.keys(TASKS).join(', ') },
  })
}

type Answer = (image: Uint8Array, loaded: LoadedModel, signal?: AbortSignal) => Promise<string>

/** Runs a model whose task takes an image and answers with text. */
async function textRunner(model: VerifiedModel, engine: Engine, answer: Answer): Promise<TaskRunner> {
  const loaded = await engine.load(model)
  const { task } = model.manifest
  return {
    description: { task, unit: 'image', runtime: engine.runtime, device: loaded.device },
    run: async (input, signal) => ({
      output: new TextEncoder().encode(await answer(input, loaded, signal)),
      units: 1,
    }),
    dispose: () => loaded.dispose(),
  }
}
