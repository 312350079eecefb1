import { constants } from 'node:fs'
import { access, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { WitanError } from '@witan/protocol'
import type { ModelManifest } from './manifest.js'

/** Name of the manifest in the folder of a trained model. */
const MANIFEST_FILE = 'manifest.json'

/**
 * Makes the folder and sees that a model can be saved there, before the work that makes one.
 * @throws WitanError MODEL_FOLDER_UNUSABLE when it already holds a model or cannot be written to
 */
export async function prepareModelFolder(folder: string): Promise<void> {
  await requireFree(folder)
  try {
    await mkdir(folder, { recursive: true })
    await access(folder, constants.W_OK)
  } catch (cause) {
    throw unusable(folder, (cause as NodeJS.ErrnoException).code ?? String(cause), cause)
  }
}

/**
 * Writes the graph, then the manifest: a folder with a manifest has the whole model. The path of the manifest.
 * @throws WitanError MODEL_FOLDER_UNUSABLE
 */
export async function saveModel(folder: string, manifest: ModelManifest, onnx: Uint8Array): Promise<string> {
  const path = join(folder, MANIFEST_FILE)
  await requireFree(folder)
  try {
    await writeFile(join(folder, 'model.onnx'), onnx)
    await writeFile(path, `${JSON.stringify(manifest, null, 2)}\n`, { flag: 'wx' })
  } catch (cause) {
    throw unusable(folder, (cause as NodeJS.ErrnoException).code ?? String(cause), cause)
  }
  return path
}

async function requireFree(folder: string): Promise<void> {
  const isTaken = await access(join(folder, MANIFEST_FILE)).then(
    () => true,
    () => false,
  )
  if (isTaken) throw unusable(folder, 'it holds a model, and none is ever overwritten')
}

function unusable(folder: string, reason: string, cause?: unknown): WitanError {
  return new WitanError('MODEL_FOLDER_UNUSABLE', 'A model cannot be saved in this folder', {
    facts: { folder, reason },
    cause,
  })
}
