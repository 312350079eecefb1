import { createReadStream } from 'node:fs'
import { unreadable } from './source-error.js'

/** The bytes of a file, piece by piece. Throws `DATASET_SOURCE_MISSING`. */
export async function* readBytes(path: string, signal?: AbortSignal): AsyncGenerator<Buffer> {
  try {
    for await (const piece of createReadStream(path, { highWaterMark: 256 * 1024 })) {
      signal?.throwIfAborted()
      yield piece
    }
  } catch (error) {
    if (signal?.aborted) throw error
    throw isFileError(error) ? unreadable(path, error) : error
  }
}

function isFileError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error
}
