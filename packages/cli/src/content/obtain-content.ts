import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MAX_MANIFEST_BYTES, type ModelFile, type ModelManifest, modelVersion, parseManifest } from '@witan/inference'
import { type AskModules, createBlobClient, createMemorySink, openFileSink, type PeerTarget } from '@witan/p2p'
import {
  type ErrorCode,
  type Hex,
  isWitanError,
  POLICY_LIMITS,
  type Policy,
  policyDigest,
  WitanError,
} from '@witan/protocol'
import { parsePolicy } from '@witan/runtime'
import { type Sources, sourcesIn } from '../daemon/obtain.js'

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

/** What this machine says of content that it lacks, or that a disk or a hand has damaged: other nodes have it. */
const LACKING: readonly ErrorCode[] = [
  'MODEL_UNKNOWN',
  'MODEL_FILE_MISSING',
  'MODEL_DIGEST_MISMATCH',
  'MANIFEST_INVALID',
  'POLICY_NOT_FOUND',
  'POLICY_DIGEST_MISMATCH',
  'POLICY_INVALID',
]

/**
 * Models and policies by the digest that the chain names: from this machine, else from other nodes. What was fetched is
 * verified before it is saved under its digest, and again whenever it is read. Throws `BLOB_NOT_FOUND`,
 * `CONTENT_NOT_SAVED`, and what the sources of this machine throw for what is there but wrong and nobody else has.
 */
export function withPeers(cache: ReturnType<typeof cacheFolders>, modules: ObtainModules): Sources {
  const { local } = modules
  const blobs = createBlobClient(modules)
  const cached = sourcesIn({ models: [cache.models], policies: [cache.policies] })
  /** By SHA-256: two versions may share a file, which is put together in one place. */
  const onTheirWay = new Map<Hex, Promise<void>>()

  const fetchManifest = async (version: Hex, peers: readonly PeerTarget[], signal: AbortSignal) => {
    const sink = createMemorySink(MAX_MANIFEST_BYTES, (bytes) => manifestOf(bytes, version) !== undefined)
    await blobs.fetch({ digest: version, peers }, sink, signal)
    return manifestOf(sink.content(), version)!
  }

  const fetchFile = async (
    { sha256, bytes: size }: Pick<ModelFile, 'sha256' | 'bytes'>,
    peers: readonly PeerTarget[],
    signal: AbortSignal,
  ): Promise<void> => {
    const path = join(cache.models, sha256)
    const kept = await openFileSink({ path, sha256, size })
    if (kept.length === size && (await kept.verify())) return
    const sink = await openFileSink({ path: `${path}.part`, sha256, size })
    await blobs.fetch({ digest: sha256, peers }, sink, signal)
    await rename(`${path}.part`, path)
  }

  /** Waits for another transfer of the same file; what that left is gone on with. */
  const fetchFileOnce = async (...[file, peers, signal]: Parameters<typeof fetchFile>): Promise<void> => {
    const { sha256 } = file
    for (let other = onTheirWay.get(sha256); other !== undefined; other = onTheirWay.get(sha256)) await other
    signal.throwIfAborted()
    const fetching = saving(join(cache.models, sha256), () => fetchFile(file, peers, signal))
    const ended = fetching.catch(() => undefined).finally(() => onTheirWay.delete(sha256))
    onTheirWay.set(sha256, ended)
    await fetching
  }

  const fetchModel = async (version: Hex, signal: AbortSignal): Promise<void> => {
    const peers = await modules.contentPeers(signal)
    const manifest = await fetchManifest(version, peers, signal)
    await saving(cache.models, () => mkdir(cache.models, { recursive: true }))
    for (const file of manifest.files) await fetchFileOnce(file, peers, signal)
    // Last: a manifest in the folder has all its files.
    await save(join(cache.models, `${version}.json`), cachedText(manifest))
  }

  const fetchPolicy = async (digest: Hex, signal: AbortSignal): Promise<void> => {
    const sink = createMemorySink(POLICY_LIMITS.maxDocumentBytes, (bytes) => policyOf(bytes, digest) !== undefined)
    await blobs.fetch({ digest, peers: await modules.contentPeers(signal) }, sink, signal)
    await saving(cache.policies, () => mkdir(cache.policies, { recursive: true }))
    await save(join(cache.policies, `${digest}.json`), sink.content())
  }

  /** The cache is read, not every folder again: one may hold a damaged copy. */
  const fromPeers = async <T>(error: unknown, fetch: () => Promise<void>, read: () => Promise<T>): Promise<T> => {
    if (!isWitanError(error) || !LACKING.includes(error.code)) throw error
    await fetch().catch((failure) => {
      const isDamaged = error.code !== 'MODEL_UNKNOWN' && error.code !== 'POLICY_NOT_FOUND'
      throw isDamaged && isWitanError(failure, 'BLOB_NOT_FOUND') ? error : failure
    })
    return read()
  }

  return {
    obtainModel: (version, signal) =>
      local.obtainModel(version, signal).catch((error) => {
        const read = () => cached.obtainModel(version, signal)
        return fromPeers(error, () => fetchModel(version, signal), read)
      }),
    obtainPolicy: (digest, signal) =>
      local.obtainPolicy(digest, signal).catch((error) => {
        const read = () => cached.obtainPolicy(digest, signal)
        return fromPeers(error, () => fetchPolicy(digest, signal), read)
      }),
  }
}

function manifestOf(bytes: Uint8Array, version: Hex): ModelManifest | undefined {
  return ifWellFormed(() => {
    const manifest = parseManifest(new TextDecoder('utf-8', { fatal: true }).decode(bytes), version)
    // A description is the peer's own, and may be as long as leaves no room for where the files will be.
    const fits = Buffer.byteLength(cachedText(manifest)) <= MAX_MANIFEST_BYTES
    return fits && modelVersion(manifest) === version ? manifest : undefined
  })
}

/** The manifest as it lies beside its files, which are named by their digests. */
function cachedText(manifest: ModelManifest): string {
  const files = manifest.files.map((file) => ({ ...file, source: `file:${file.sha256}` }))
  return JSON.stringify({ ...manifest, files })
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
