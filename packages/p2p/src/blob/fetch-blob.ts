import {
  BLOB_PROTOCOL,
  type BlobResponse,
  decodeBlobResponse,
  encodeBlobRequest,
  type Hex,
  isWitanError,
  WitanError,
} from '@witan/protocol'
import { type AskModules, ask } from '../exchange/ask.js'
import { operatorOfTarget, type PeerTarget } from '../host/peer.js'
import { blobProtocol } from '../protocols.js'
import type { PeerPace } from './peer-pace.js'

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

export interface WantedBlob {
  readonly digest: Hex
  /** The likeliest first. */
  readonly peers: readonly PeerTarget[]
}

export interface FetchModules extends AskModules {
  readonly pace: PeerPace
}

/** A part that takes longer comes over a slow line or from a peer that would hold the transfer up: others are tried first. */
const SLOW_PART_MS = 5_000

/** One transfer, as `BlobClient.fetch` describes it. */
export async function fetchBlob(
  { digest, peers }: WantedBlob,
  sink: BlobSink,
  modules: FetchModules,
  signal?: AbortSignal,
): Promise<void> {
  let last: unknown
  let isComplete = false
  const together = [...peers]
  for (const peer of together) {
    try {
      isComplete = await takeParts({ digest, peer, isPatient: false }, sink, modules, signal)
      if (isComplete) break
      // It gave one part at least, so this ends.
      together.push(peer)
    } catch (error) {
      last = failureOf(error, signal)
    }
  }
  if (isComplete && (await sink.verify())) return
  const alone = isComplete ? peers.map((peer) => ({ digest, peer, isPatient: false })) : []
  for (const turn of alone) {
    await sink.reset()
    try {
      if (!(await takeParts(turn, sink, modules, signal))) alone.push({ ...turn, isPatient: true })
      else if (await sink.verify()) return
      else {
        last = new WitanError('BLOB_MISMATCH', 'A peer sent other content than was asked for', {
          facts: { digest, operator: operatorOfTarget(turn.peer) },
        })
      }
    } catch (error) {
      last = failureOf(error, signal)
    }
  }
  // Bytes that belong to nothing are of no use to the next attempt.
  if (isComplete) await sink.reset()
  const facts = { digest, asked: peers.length, last: isWitanError(last) ? last.code : 'none' }
  throw new WitanError('BLOB_NOT_FOUND', 'No peer handed out the content', { facts, cause: last })
}

interface Turn {
  readonly digest: Hex
  readonly peer: PeerTarget
  /** Whether the turn lasts however slow the peer is. */
  readonly isPatient: boolean
}

/** Takes one part after the other; false when the peer is slow. */
async function takeParts(
  { digest, peer, isPatient }: Turn,
  sink: BlobSink,
  modules: FetchModules,
  signal?: AbortSignal,
): Promise<boolean> {
  const { clock, pace } = modules
  const bounds = blobProtocol(modules.host.networkName)
  for (;;) {
    const offset = sink.length
    await pace.turnOf(operatorOfTarget(peer), signal)
    const askedMs = clock.monotonicMs()
    const response = decodeBlobResponse(await ask(bounds, peer, encodeBlobRequest({ digest, offset }), modules, signal))
    const { size, content } = partOf(response, { digest, peer, offset }, sink)
    if (content.length > 0) await sink.append(content)
    if (offset + content.length === size) return true
    if (!isPatient && clock.monotonicMs() - askedMs > SLOW_PART_MS) return false
  }
}

/** Throws `BLOB_NOT_FOUND`, `NOT_ADMITTED`, or `BLOB_MISMATCH` for a part that is not as long as it must be. */
function partOf(
  response: BlobResponse,
  { digest, peer, offset }: { readonly digest: Hex; readonly peer: PeerTarget; readonly offset: number },
  sink: BlobSink,
): Extract<BlobResponse, { kind: 'part' }> {
  const operator = operatorOfTarget(peer)
  if (response.kind === 'not-found') {
    throw new WitanError('BLOB_NOT_FOUND', 'The peer does not have the content', { facts: { digest, operator } })
  }
  if (response.kind === 'not-admitted') {
    throw new WitanError('NOT_ADMITTED', 'The peer hands out content to nodes of the network only', {
      facts: { digest, operator },
    })
  }
  const { size, content } = response
  // Whole parts: a byte at a time, a transfer would never end.
  if (sink.accepts(size) && content.length === Math.min(size - offset, BLOB_PROTOCOL.maxPartBytes)) return response
  throw new WitanError('BLOB_MISMATCH', 'A peer sent other content than was asked for', {
    facts: { digest, operator, size, offset, bytes: content.length },
  })
}

function failureOf(error: unknown, signal?: AbortSignal): WitanError {
  signal?.throwIfAborted()
  if (isWitanError(error)) return error
  throw error
}
