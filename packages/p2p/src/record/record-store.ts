import {
  type Address,
  bytesToHex,
  type Domain,
  type Hex,
  recordDigest,
  recordOperator,
  type SignedRecord,
  WitanError,
} from '@witan/protocol'
import type { Clock } from '@witan/runtime'
import type { P2pMetrics } from '../metrics.js'

/** Whether a record may be kept: the policy of whoever runs the store, usually that its digest is on chain. */
export type AcceptRecord = (operator: Address, digest: Hex, seq: number) => boolean | Promise<boolean>

export interface RecordStoreOptions {
  readonly domain: Domain
  /** Records kept, one an operator; 4096 when absent: every node of 64 full subnets. */
  readonly maxRecords?: number
}

export interface RecordStoreModules {
  readonly clock: Pick<Clock, 'nowMs'>
  readonly accept: AcceptRecord
  readonly metrics: Pick<P2pMetrics, 'records'>
}

/** The newest address record of each operator. */
export interface RecordStore {
  /**
   * Keeps a record of whoever signed it. Throws `RECORD_SIGNER_MISMATCH` when nobody did, `RECORD_EXPIRED`,
   * `RECORD_STALE` when a newer one is kept, `RECORD_REFUSED` by the policy or when the store is full.
   */
  put(record: SignedRecord): Promise<void>
  get(operator: Address): SignedRecord | undefined
  size(): number
}

const DEFAULT_MAX_RECORDS = 4096

export function createRecordStore(options: RecordStoreOptions, modules: RecordStoreModules): RecordStore {
  return new MemoryRecordStore({ maxRecords: DEFAULT_MAX_RECORDS, ...options }, modules)
}

class MemoryRecordStore implements RecordStore {
  readonly #options: Required<RecordStoreOptions>
  readonly #modules: RecordStoreModules
  readonly #records = new Map<Address, SignedRecord>()

  constructor(options: Required<RecordStoreOptions>, modules: RecordStoreModules) {
    this.#options = options
    this.#modules = modules
  }

  async put(record: SignedRecord): Promise<void> {
    if (this.#isExpired(record)) {
      throw new WitanError('RECORD_EXPIRED', 'An address record is expired', { facts: { expiry: record.expiry } })
    }
    const operator = recordOperator(record, this.#options.domain)
    this.#refuseStale(operator, record)
    const digest = bytesToHex(recordDigest(record))
    if (!(await this.#modules.accept(operator, digest, record.seq))) throw refused(operator, 'the policy of this host')
    // The policy may have asked the chain, and a newer record may have come meanwhile.
    this.#refuseStale(operator, record)
    if (!this.#hasRoom(operator)) throw refused(operator, 'the store is full')
    this.#records.set(operator, record)
    this.#modules.metrics.records.set(this.#records.size)
  }

  get(operator: Address): SignedRecord | undefined {
    const record = this.#records.get(operator)
    return record === undefined || this.#isExpired(record) ? undefined : record
  }

  size(): number {
    return this.#records.size
  }

  #isExpired(record: SignedRecord): boolean {
    return record.expiry * 1000 <= this.#modules.clock.nowMs()
  }

  #refuseStale(operator: Address, { seq }: SignedRecord): void {
    const known = this.#records.get(operator)
    if (known === undefined || known.seq <= seq) return
    throw new WitanError('RECORD_STALE', 'A newer record is known', { facts: { operator, seq, known: known.seq } })
  }

  #hasRoom(operator: Address): boolean {
    if (this.#records.has(operator) || this.#records.size < this.#options.maxRecords) return true
    for (const [other, record] of this.#records) if (this.#isExpired(record)) this.#records.delete(other)
    return this.#records.size < this.#options.maxRecords
  }
}

function refused(operator: Address, reason: string): WitanError {
  return new WitanError('RECORD_REFUSED', 'The record is not kept here', { facts: { operator, reason } })
}
