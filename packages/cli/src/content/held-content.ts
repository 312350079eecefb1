import { open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { listManifests, resolveSource } from '@witan/inference'
import type { BlobSource } from '@witan/p2p'
import { type Hex, isWitanError } from '@witan/protocol'
import type { Clock } from '@witan/runtime'
import type { Folders } from '../daemon/obtain.js'

/** What this node can hand out, by digest. */
export interface HeldContent {
  find(digest: Hex): Promise<BlobSource | undefined>
}

/** A digest that nobody has must not make a node read its folders at every question. */
const LIST_INTERVAL_MS = 5_000

/** Manifests by version, files by SHA-256 and policies by digest, as they lie in the folders at the moment. */
export function createHeldContent(
  { models, policies }: Folders,
  { clock }: { clock: Pick<Clock, 'monotonicMs'> },
): HeldContent {
  let files = new Map<Hex, string>()
  let listedAtMs = Number.NEGATIVE_INFINITY

  const list = async () => {
    listedAtMs = clock.monotonicMs()
    const found = new Map<Hex, string>()
    for (const { manifest, version, path } of (await listManifests(models)).manifests) {
      found.set(version, path)
      for (const { sha256, source } of manifest.files) {
        try {
          found.set(sha256, resolveSource(source, path))
        } catch (error) {
          // Such as a package that is not installed: another node has it.
          if (!isWitanError(error)) throw error
        }
      }
    }
    files = found
  }

  const policyPath = async (digest: Hex): Promise<string | undefined> => {
    for (const folder of policies) {
      const path = join(folder, `${digest}.json`)
      if (await sizeOf(path)) return path
    }
    return undefined
  }

  return {
    async find(digest) {
      if (!files.has(digest) && clock.monotonicMs() - listedAtMs >= LIST_INTERVAL_MS) await list()
      const path = files.get(digest) ?? (await policyPath(digest))
      const size = path && (await sizeOf(path))
      return path && size ? { size, read: (offset, length) => readPart(path, offset, length) } : undefined
    },
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    (stats) => (stats.isFile() ? stats.size : undefined),
    () => undefined,
  )
}

async function readPart(path: string, offset: number, length: number): Promise<Uint8Array> {
  const handle = await open(path, 'r')
  try {
    const bytes = new Uint8Array(length)
    const { bytesRead } = await handle.read(bytes, 0, length, offset)
    return bytes.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}
