import {
  type Address,
  type Domain,
  decodeRecordResponse,
  encodeRecordRequest,
  type Hex,
  isWitanError,
  type RecordRequest,
  type RecordResponse,
  type SignedRecord,
  verifyRecord,
  WitanError,
} from '@witan/protocol'
import type { Clock, Logger } from '@witan/runtime'
import { ask } from '../exchange/ask.js'
import type { Host } from '../host/host.js'
import { operatorOfTarget, type PeerTarget } from '../host/peer.js'
import { peerFailure } from '../peer-failure.js'
import { recordProtocol } from '../protocols.js'

export interface RecordClientOptions {
  readonly domain: Domain
  readonly bootstrap: readonly PeerTarget[]
}

export interface RecordClientModules {
  readonly host: Pick<Host, 'networkName' | 'open'>
  readonly clock: Clock
  readonly logger: Logger
  /** The digest of an operator's record as it stands on chain; nothing when it announced none. */
  expectedDigest(operator: Address): Promise<Hex | undefined>
}

export interface RecordClient {
  /**
   * Pushes this node's record to every bootstrap peer. Throws only when none took it: the last refusal, or why the last
   * one could not be reached.
   */
  publish(record: SignedRecord, signal?: AbortSignal): Promise<{ accepted: number; asked: number }>
  /**
   * Where an operator can be reached: from the record whose digest stands on chain, as the first bootstrap peer that has
   * it hands it over. Throws `RECORD_NOT_FOUND`.
   */
  resolve(operator: Address, signal?: AbortSignal): Promise<readonly string[]>
}

export function createRecordClient(options: RecordClientOptions, modules: RecordClientModules): RecordClient {
  return new BootstrapRecordClient(options, modules)
}

class BootstrapRecordClient implements RecordClient {
  readonly #options: RecordClientOptions
  readonly #modules: RecordClientModules
  /** Records that stood on chain when they were fetched; each is compared again before it is used. */
  readonly #known = new Map<Address, SignedRecord>()

  constructor(options: RecordClientOptions, modules: RecordClientModules) {
    this.#options = options
    this.#modules = modules
  }

  async publish(record: SignedRecord, signal?: AbortSignal): Promise<{ accepted: number; asked: number }> {
    const { bootstrap } = this.#options
    const results = await Promise.allSettled(bootstrap.map((peer) => this.#push(peer, record, signal)))
    signal?.throwIfAborted()
    const failures = results.filter((result) => result.status === 'rejected').map(({ reason }) => reason as unknown)
    for (const err of failures) this.#modules.logger.debug({ err }, 'record not accepted')
    if (failures.length > 0 && failures.length === bootstrap.length) throw failures.at(-1)
    return { accepted: bootstrap.length - failures.length, asked: bootstrap.length }
  }

  async resolve(operator: Address, signal?: AbortSignal): Promise<readonly string[]> {
    const digest = await this.#modules.expectedDigest(operator)
    if (digest === undefined) throw notFound(operator, 'nothing is announced on chain')
    const known = this.#known.get(operator)
    if (known !== undefined && this.#stands(known, operator, digest)) return known.multiaddrs
    this.#known.delete(operator)
    for (const peer of this.#options.bootstrap) {
      const record = await this.#fetch(peer, operator, digest, signal)
      if (record === undefined) continue
      this.#known.set(operator, record)
      return record.multiaddrs
    }
    throw notFound(operator, 'no bootstrap peer has the record that is announced on chain')
  }

  async #push(peer: PeerTarget, record: SignedRecord, signal?: AbortSignal): Promise<void> {
    const response = await this.#exchange(peer, { kind: 'push', record }, signal)
    if (response.kind === 'rejected') throw peerFailure(response, operatorOfTarget(peer))
  }

  /** The record if this peer has the right one; a peer that fails or lies only costs the time to ask it. */
  async #fetch(
    peer: PeerTarget,
    operator: Address,
    digest: Hex,
    signal?: AbortSignal,
  ): Promise<SignedRecord | undefined> {
    try {
      const response = await this.#exchange(peer, { kind: 'fetch', operator }, signal)
      if (response.kind !== 'record') return undefined
      this.#verify(response.record, operator, digest)
      return response.record
    } catch (error) {
      signal?.throwIfAborted()
      if (!isWitanError(error)) throw error
      this.#modules.logger.debug({ err: error, operator }, 'record not usable')
      return undefined
    }
  }

  async #exchange(peer: PeerTarget, request: RecordRequest, signal?: AbortSignal): Promise<RecordResponse> {
    const bounds = recordProtocol(this.#modules.host.networkName)
    return decodeRecordResponse(await ask(bounds, peer, encodeRecordRequest(request), this.#modules, signal))
  }

  #verify(record: SignedRecord, operator: Address, digest: Hex): void {
    const nowSeconds = Math.floor(this.#modules.clock.nowMs() / 1000)
    verifyRecord(record, { operator, nowSeconds, digest }, this.#options.domain)
  }

  #stands(record: SignedRecord, operator: Address, digest: Hex): boolean {
    try {
      this.#verify(record, operator, digest)
      return true
    } catch {
      return false
    }
  }
}

function notFound(operator: Address, reason: string): WitanError {
  return new WitanError('RECORD_NOT_FOUND', 'The operator has no address record', { facts: { operator, reason } })
}
