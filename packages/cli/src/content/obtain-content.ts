import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MAX_MANIFEST_BYTES, type ModelManifest, modelVersion, parseManifest } from '@witan/inference'
import { type AskModules, createBlobClient, createMemorySink, openFileSink, type PeerTarget } from '@witan/p2p'
import { type Hex, isWitanError, POLICY_LIMITS, type Policy, policyDigest, WitanError } from '@witan/protocol'
import { parsePolicy } from '@witan/runtime'
import type { Sources } from '../daemon/obtain.js'

export interface ObtainModules extends AskModules {
  /** This machine, the cache included. */
  readonly local: Sources
  /** Nodes that may have the content, the likeliest first. */
  contentPeers(signal: AbortSignal): Promise<readonly PeerTarget[]>
}

/** Where what came from peers is kept, below a node's data folder. */
export const cacheFolders = (dataDir: string) => ({
  models: join(dataDir, 'content', 'models'),
  policies: join(dataDir, 'content', 'policies'),
})

/**
 * Models and policies by the digest that the chain names: from this machine, else from other nodes. What was fetched is
 * verified before it is saved under its digest, and again whenever it is read. Throws `BLOB_NOT_FOUND`,
 * `CONTENT_NOT_SAVED`, and what the sources of this machine throw for what is there but wrong.
 */
export function withPeers(cache: ReturnType<typeof cacheFolders>, modules: ObtainModules): Sources {
  const { local } = modules
  const blobs = createBlobClient(modules)

  const fetchManifest = async (version: Hex, peers: readonly PeerTarget[], signal: AbortSignal) => {
    const sink = createMemorySink(MAX_MANIFEST_BYTES, (bytes) => manifestOf(bytes, version) !== undefined)
    await blobs.fetch({ digest: version, peers }, sink, signal)
    return manifestOf(sink.content(), version)!
  }

  const fetchModel = async (version: Hex, signal: AbortSignal): Promise<void> => {
    const peers = await modules.contentPeers(signal)
    const manifest = await fetchManifest(version, peers, signal)
    await saving(cache.models, () => mkdir(cache.models, { recursive: true }))
    const files = []
    for (const file of manifest.files) {
      const { sha256, bytes: size } = file
      const path = join(cache.models, sha256)
      const sink = await openFileSink({ path: `${path}.part`, sha256, size })
      await saving(path, () => blobs.fetch({ digest: sha256, peers }, sink, signal))
      await saving(path, () => rename(`${path}.part`, path))
      files.push({ ...file, source: `file:${sha256}` })
    }
    // Last: a manifest in the folder has all its files.
    await save(join(cache.models, `${version}.json`), JSON.stringify({ ...manifest, files }, null, 2))
  }

  const fetchPolicy = async (digest: Hex, signal: AbortSignal): Promise<void> => {
    const sink = createMemorySink(POLICY_LIMITS.maxDocumentBytes, (bytes) => policyOf(bytes, digest) !== undefined)
    await blobs.fetch({ digest, peers: await modules.contentPeers(signal) }, sink, signal)
    await saving(cache.policies, () => mkdir(cache.policies, { recursive: true }))
    await save(join(cache.policies, `${digest}.json`), sink.content())
  }

  return {
    obtainModel: (version, signal) =>
      local.obtainModel(version, signal).catch(async (error) => {
        if (!isWitanError(error, 'MODEL_UNKNOWN')) throw error
        await fetchModel(version, signal)
        return local.obtainModel(version, signal)
      }),
    obtainPolicy: (digest, signal) =>
      local.obtainPolicy(digest, signal).catch(async (error) => {
        if (!isWitanError(error, 'POLICY_NOT_FOUND')) throw error
        await fetchPolicy(digest, signal)
        return local.obtainPolicy(digest, signal)
      }),
  }
}

function manifestOf(bytes: Uint8Array, version: Hex): ModelManifest | undefined {
  return ifWellFormed(() => {
    const manifest = parseManifest(new TextDecoder('utf-8', { fatal: true }).decode(bytes), version)
    return modelVersion(manifest) === version ? manifest : undefined
  })
}

function policyOf(bytes: Uint8Array, digest: Hex): Policy | undefined {
  return ifWellFormed(() => {
    const policy = parsePolicy(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    return policyDigest(policy) === digest ? policy : undefined
  })
}

function ifWellFormed<T>(parse: () => T): T | undefined {
  try {
    return parse()
  } catch (error) {
    if (isWitanError(error) || error instanceof TypeError) return undefined
    throw error
  }
}

/** Whole or not at all, whatever happens in between. */
async function save(path: string, content: string | Uint8Array): Promise<void> {
  await saving(path, async () => {
    await writeFile(`${path}.part`, content)
    await rename(`${path}.part`, path)
  })
}

async function saving<T>(path: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code
    if (isWitanError(error) || reason === undefined) throw error
    throw new WitanError('CONTENT_NOT_SAVED', 'What a peer sent cannot be written to the data folder', {
      facts: { path, reason },
      cause: error,
    })
  }
}
