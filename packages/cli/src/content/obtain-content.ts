import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  findManifest,
  MAX_MANIFEST_BYTES,
  type ModelManifest,
  modelVersion,
  parseManifest,
  type VerifiedModel,
  verifyModel,
} from '@witan/inference'
import { type AskModules, createMemorySink, fetchBlob, openFileSink, type PeerTarget } from '@witan/p2p'
import { type Hex, isWitanError, POLICY_LIMITS, type Policy, policyDigest, WitanError } from '@witan/protocol'
import { parsePolicy } from '@witan/runtime'
import type { ContentFolders } from './held-content.js'

export interface ObtainOptions extends ContentFolders {
  /** Where what came from peers is kept; looked into before peers are asked. */
  readonly cache: string
}

export interface ObtainModules extends AskModules {
  /** Nodes that may have the content, the likeliest first. */
  contentPeers(signal?: AbortSignal): Promise<readonly PeerTarget[]>
}

/** Models and policies by the digest that the chain names: from this machine, else from other nodes. */
export interface ContentSource {
  /** Throws `BLOB_NOT_FOUND`, `CONTENT_NOT_SAVED`, and what `verifyModel` throws. */
  obtainModel(version: Hex, signal?: AbortSignal): Promise<VerifiedModel>
  /** Throws `BLOB_NOT_FOUND`, `CONTENT_NOT_SAVED`. */
  obtainPolicy(digest: Hex, signal?: AbortSignal): Promise<Policy>
}

/** What was fetched is verified before it is saved under its digest, and again whenever it is read. */
export function createContentSource(options: ObtainOptions, modules: ObtainModules): ContentSource {
  const modelCache = join(options.cache, 'models')
  const policyCache = join(options.cache, 'policies')

  const fetchManifest = async (version: Hex, peers: readonly PeerTarget[], signal?: AbortSignal) => {
    const sink = createMemorySink(MAX_MANIFEST_BYTES, (bytes) => manifestOf(bytes, version) !== undefined)
    await fetchBlob({ digest: version, peers }, sink, modules, signal)
    return manifestOf(sink.content(), version)!
  }

  const fetchModel = async (version: Hex, signal?: AbortSignal): Promise<void> => {
    const peers = await modules.contentPeers(signal)
    const manifest = await fetchManifest(version, peers, signal)
    await saving(modelCache, () => mkdir(modelCache, { recursive: true }))
    const files = []
    for (const file of manifest.files) {
      const { sha256, bytes: size } = file
      const path = join(modelCache, sha256)
      const sink = await openFileSink({ path: `${path}.part`, sha256, size })
      await saving(path, () => fetchBlob({ digest: sha256, peers }, sink, modules, signal))
      await saving(path, () => rename(`${path}.part`, path))
      files.push({ ...file, source: `file:${sha256}` })
    }
    // Last: a manifest in the folder has all its files.
    await save(join(modelCache, `${version}.json`), JSON.stringify({ ...manifest, files }, null, 2))
  }

  const keptPolicy = async (digest: Hex): Promise<Policy | undefined> => {
    for (const folder of [...options.policies, policyCache]) {
      const bytes = await readFile(join(folder, `${digest}.json`)).catch(() => undefined)
      const policy = bytes && policyOf(bytes, digest)
      if (policy !== undefined) return policy
    }
    return undefined
  }

  return {
    async obtainModel(version, signal) {
      const folders = [...options.models, modelCache]
      try {
        return await verifyModel(await findManifest(version, folders))
      } catch (error) {
        if (!isWitanError(error, 'MODEL_UNKNOWN')) throw error
      }
      await fetchModel(version, signal)
      return verifyModel(await findManifest(version, [modelCache]))
    },
    async obtainPolicy(digest, signal) {
      const kept = await keptPolicy(digest)
      if (kept !== undefined) return kept
      const sink = createMemorySink(POLICY_LIMITS.maxDocumentBytes, (bytes) => policyOf(bytes, digest) !== undefined)
      await fetchBlob({ digest, peers: await modules.contentPeers(signal) }, sink, modules, signal)
      await saving(policyCache, () => mkdir(policyCache, { recursive: true }))
      await save(join(policyCache, `${digest}.json`), sink.content())
      return policyOf(sink.content(), digest)!
    },
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
