import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { canonicalJson, type Hex, type Json, jsonDigest, WitanError, ZERO_DIGEST } from '@witan/protocol'

/** In a folder of its own: in the model's, every JSON file counts as a manifest. */
const fileIn = (folder: string): string => join(folder, 'training', 'evaluation.json')

/**
 * Writes how a model came about and what it was measured to be, beside it. Nothing in it depends on the moment or the
 * speed of the machine, so whoever trains it again gets the same digest, which is what the registry holds.
 */
export async function writeEvaluation(
  folder: string,
  evaluation: Readonly<Record<string, Json>>,
): Promise<{ file: string; evaluationDigest: Hex }> {
  const file = fileIn(folder)
  await mkdir(join(folder, 'training'), { recursive: true })
  await writeFile(file, canonicalJson(evaluation))
  return { file, evaluationDigest: jsonDigest(evaluation) }
}

/** Digest of the evaluation beside a model; zero when there is none. Throws `FILE_UNREADABLE`. */
export async function evaluationBeside(folder: string): Promise<Hex> {
  const path = fileIn(folder)
  try {
    return jsonDigest(JSON.parse(await readFile(path, 'utf8')))
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT') return ZERO_DIGEST
    throw new WitanError('FILE_UNREADABLE', 'The evaluation beside the model cannot be read', {
      facts: { path, reason: cause instanceof SyntaxError ? 'not JSON' : (code ?? String(cause)) },
      cause,
    })
  }
}
