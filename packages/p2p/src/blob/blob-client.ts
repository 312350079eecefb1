import type { AskModules } from '../exchange/ask.js'
import { blobProtocol } from '../protocols.js'
import { type BlobSink, fetchBlob, type WantedBlob } from './fetch-blob.js'
import { createPeerPace } from './peer-pace.js'

/** Gets content from other nodes. */
export interface BlobClient {
  /**
   * Fetches content by digest from whichever peers have it, and goes on with the next one where a transfer broke off or was
   * slow. A peer that mixes in other bytes costs one more attempt with each peer by itself. Throws `BLOB_NOT_FOUND` with
   * what the last peer did, and the signal's reason.
   */
  fetch(wanted: WantedBlob, sink: BlobSink, signal?: AbortSignal): Promise<void>
}

/** One a node: its transfers share what each peer answers in a minute. */
export function createBlobClient(modules: AskModules): BlobClient {
  const pace = createPeerPace(blobProtocol(modules.host.networkName), modules)
  return { fetch: (wanted, sink, signal) => fetchBlob(wanted, sink, { ...modules, pace }, signal) }
}
