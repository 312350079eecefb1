import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { canonicalJson, type Hex, type Json, jsonDigest, ZERO_DIGEST } from '@witan/protocol'

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

/** Digest of the evaluation beside a model; zero when there is none. */
export async function evaluationBeside(folder: string): Promise<Hex> {
  const text = await readFile(fileIn(folder), 'utf8').catch(() => undefined)
  return text === undefined ? ZERO_DIGEST : jsonDigest(JSON.parse(text))
}
