import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { appendFile, rm, stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import type { Hex } from '@witan/protocol'
import type { BlobSink } from './fetch-blob.js'

export interface FileSinkOptions {
  readonly path: string
  readonly sha256: Hex
  /** Bytes that the content has. */
  readonly size: number
}

/** Content in a file, which a later process goes on with. Whoever reads it verifies it first: a disk may lie too. */
export async function openFileSink({ path, sha256, size }: FileSinkOptions): Promise<BlobSink> {
  const kept = await stat(path).then(
    (stats) => stats.size,
    () => 0,
  )
  let length = kept
  const reset = async () => {
    await rm(path, { force: true })
    length = 0
  }
  if (kept > size) await reset()
  return {
    get length() {
      return length
    },
    accepts: (offered) => offered === size,
    async append(part) {
      await appendFile(path, part)
      length += part.length
    },
    reset,
    async verify() {
      if (size === 0) await appendFile(path, '')
      const hash = createHash('sha256')
      await pipeline(createReadStream(path), hash)
      return `0x${hash.digest('hex')}` === sha256
    },
  }
}
