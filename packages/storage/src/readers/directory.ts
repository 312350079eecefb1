import { createHash } from 'node:crypto'
import { opendir } from 'node:fs/promises'
import { join } from 'node:path'
import { DATASET_LIMITS } from '../limits.js'
import { readBytes } from './read-bytes.js'
import { malformed, unreadable } from './source-error.js'

/** A file of a directory; its content stays where it is. */
export interface ListedFile {
  /** Relative to the directory, with `/`. */
  readonly path: string
  readonly bytes: number
  readonly sha256: string
}

/** Every file under the directory, in the order of their paths' UTF-16 code units. Links are refused. */
export async function* readDirectory(folder: string, signal?: AbortSignal): AsyncGenerator<ListedFile> {
  const paths = await listFiles(folder, '', [])
  for (const path of paths.sort((a, b) => (a < b ? -1 : 1))) {
    yield { path, ...(await digestFile(join(folder, path), signal)) }
  }
}

export async function digestFile(path: string, signal?: AbortSignal): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const piece of readBytes(path, signal)) {
    hash.update(piece)
    bytes += piece.length
  }
  return { bytes, sha256: `0x${hash.digest('hex')}` }
}

async function listFiles(folder: string, under: string, found: string[]): Promise<string[]> {
  const directory = await opendir(join(folder, under)).catch((error: unknown) => {
    throw unreadable(join(folder, under), error)
  })
  for await (const entry of directory) {
    const path = under === '' ? entry.name : `${under}/${entry.name}`
    if (entry.isDirectory()) await listFiles(folder, path, found)
    else if (entry.isFile()) found.push(path)
    else throw malformed(folder, 'neither a file nor a directory', { path })
    if (found.length > DATASET_LIMITS.maxRecords)
      throw malformed(folder, 'too many files', { most: DATASET_LIMITS.maxRecords })
  }
  return found
}
