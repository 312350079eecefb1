import { fileURLToPath } from 'node:url'

const MODELS = fileURLToPath(new URL('../../../configs/models', import.meta.url))

/** Gives the input back. */
export function createEcho() {
  return {
    start: async () => undefined,
    stop: async () => undefined,
    run: async (input) => ({ output: input, units: 1 }),
  }
}

/** A registered model in one process, as a miner runs it. */
export async function createModel(name, { clock }) {
  const { createTaskPool, findManifest, verifyModel } = await import('@witan/inference')
  const model = await verifyModel(await findManifest(name, [MODELS]))
  return createTaskPool({ processes: 1 }, { model, clock })
}

/** A rendered sentence as PNG. */
export async function createPicture() {
  const { generateSentence, renderSentence } = await import('@witan/inference')
  const { createSeededRandom } = await import('@witan/runtime')
  const random = createSeededRandom('wire')
  return renderSentence(generateSentence(random), random)
}
