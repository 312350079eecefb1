import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createSeededRandom } from '@witan/runtime'
import { findManifest, generateSentence, renderSentence, type VerifiedModel, verifyModel } from '../src/index.js'

export const MODELS_FOLDER = fileURLToPath(new URL('../../../../configs/models', import.meta.url))

export async function ocrModel(): Promise<VerifiedModel> {
  return verifyModel(await findManifest('ppocr-v4-rec', [MODELS_FOLDER]))
}

export async function seededSentence(seed: string): Promise<{ text: string; image: Uint8Array }> {
  const random = createSeededRandom(seed)
  const text = generateSentence(random)
  return { text, image: await renderSentence(text, random) }
}

export function decodeUtf8(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}

/** Runs `use` with an empty folder that is removed afterwards. */
export async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'witan-inference-'))
  try {
    await use(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}
