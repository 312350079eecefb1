import type { WantedBlob } from '../../src/blob/fetch-blob.js'
import { type AskModules, type BlobSink, createBlobClient } from '../../src/index.js'

/** One transfer of a node that has no others. */
export const fetchBlob = (wanted: WantedBlob, sink: BlobSink, asker: AskModules, signal?: AbortSignal) =>
  createBlobClient(asker).fetch(wanted, sink, signal)
