import {
  type Address,
  BLOB_PROTOCOL,
  type BlobResponse,
  decodeBlobRequest,
  encodeBlobResponse,
  type Hex,
} from '@witan/protocol'
import type { Clock, Logger, Service } from '@witan/runtime'
import { createExchangeServer } from '../exchange/exchange-server.js'
import type { Host } from '../host/host.js'
import type { P2pMetrics } from '../metrics.js'
import { blobProtocol } from '../protocols.js'

/** Content that a node hands out. */
export interface BlobSource {
  /** Bytes. */
  readonly size: number
  /** At most `length` bytes from the offset on. */
  read(offset: number, length: number): Promise<Uint8Array>
}

export interface BlobServerModules {
  readonly host: Host
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: P2pMetrics
  /** Nothing when this node does not have the content. */
  find(digest: Hex): Promise<BlobSource | undefined>
  /** Who is given content: the nodes of the network. */
  admit(operator: Address): Promise<boolean>
}

/** Hands out content by digest, a part a question. */
export function createBlobServer(modules: BlobServerModules): Service {
  const { host, find, admit } = modules

  const respond = async (question: Uint8Array, operator: Address): Promise<BlobResponse> => {
    const { digest, offset } = decodeBlobRequest(question)
    if (!(await admit(operator))) return { kind: 'not-admitted' }
    const source = await find(digest)
    if (source === undefined) return { kind: 'not-found' }
    const { size } = source
    const length = Math.max(0, Math.min(size - offset, BLOB_PROTOCOL.maxPartBytes))
    const content = length === 0 ? new Uint8Array(0) : await source.read(offset, length)
    return { kind: 'part', size, content }
  }

  return createExchangeServer(blobProtocol(host.networkName), {
    ...modules,
    answer: async (question, { operator }) => encodeBlobResponse(await respond(question, operator)),
  })
}
