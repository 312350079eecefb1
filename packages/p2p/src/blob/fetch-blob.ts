import { decodeBlobResponse, encodeBlobRequest, type Hex, isWitanError, WitanError } from '@witan/protocol'
import { type AskModules, ask } from '../exchange/ask.js'
import { operatorOfTarget, type PeerTarget } from '../host/peer.js'
import { blobProtocol } from '../protocols.js'

/** Where content is put together; what an earlier attempt left is gone on with. */
export interface BlobSink {
  /** Bytes put in so far. */
  readonly length: number
  /** Whether content of this size may be what is wanted. */
  accepts(size: number): boolean
  append(part: Uint8Array): Promise<void>
  /** Throws away what was put in. */
  reset(): Promise<void>
  /** Whether what was put in is what its digest names. */
  verify(): Promise<boolean>
}

/**
 * Fetches content by digest from whichever peers have it, and goes on with the next one where a transfer broke off. A peer
 * that mixes in other bytes costs one more attempt with each peer by itself. Throws `BLOB_NOT_FOUND` with what the last
 * peer did, and the signal's reason.
 */
export async function fetchBlob(
  { digest, peers }: { readonly digest: Hex; readonly peers: readonly PeerTarget[] },
  sink: BlobSink,
  modules: AskModules,
  signal?: AbortSignal,
): Promise<void> {
  let last: unknown
  let isComplete = false
  for (const peer of peers) {
    try {
      await takeAll(digest, peer, sink, modules, signal)
      isComplete = true
      break
    } catch (error) {
      last = failureOf(error, signal)
    }
  }
  if (isComplete && (await sink.verify())) return
  for (const peer of isComplete ? peers : []) {
    await sink.reset()
    try {
      await takeAll(digest, peer, sink, modules, signal)
      if (await sink.verify()) return
      last = new WitanError('BLOB_MISMATCH', 'A peer sent other content than was asked for', {
        facts: { digest, operator: operatorOfTarget(peer) },
      })
    } catch (error) {
      last = failureOf(error, signal)
    }
  }
  // Bytes that belong to nothing are of no use to the next attempt.
  if (isComplete) await sink.reset()
  const facts = { digest, asked: peers.length, last: isWitanError(last) ? last.code : 'none' }
  throw new WitanError('BLOB_NOT_FOUND', 'No peer handed out the content', { facts, cause: last })
}

async function takeAll(
  digest: Hex,
  peer: PeerTarget,
  sink: BlobSink,
  modules: AskModules,
  signal?: AbortSignal,
): Promise<void> {
  const bounds = blobProtocol(modules.host.networkName)
  const operator = operatorOfTarget(peer)
  for (;;) {
    const offset = sink.length
    const response = decodeBlobResponse(await ask(bounds, peer, encodeBlobRequest({ digest, offset }), modules, signal))
    if (response.kind === 'not-found') {
      throw new WitanError('BLOB_NOT_FOUND', 'The peer does not have the content', { facts: { digest, operator } })
    }
    if (response.kind === 'not-admitted') {
      throw new WitanError('NOT_ADMITTED', 'The peer hands out content to nodes of the network only', {
        facts: { digest, operator },
      })
    }
    const { size, content } = response
    const end = offset + content.length
    if (!sink.accepts(size) || end > size || (content.length === 0 && offset < size)) {
      const facts = { digest, operator, size, offset, bytes: content.length }
      throw new WitanError('BLOB_MISMATCH', 'A peer sent other content than was asked for', { facts })
    }
    if (content.length > 0) await sink.append(content)
    if (end === size) return
  }
}

function failureOf(error: unknown, signal?: AbortSignal): WitanError {
  signal?.throwIfAborted()
  if (isWitanError(error)) return error
  throw error
}
