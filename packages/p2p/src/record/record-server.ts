import {
  decodeRecordRequest,
  encodeRecordResponse,
  isWitanError,
  type RecordRequest,
  type RecordResponse,
} from '@witan/protocol'
import type { Clock, Logger, Service } from '@witan/runtime'
import { createExchangeServer } from '../exchange/exchange-server.js'
import type { Host } from '../host/host.js'
import type { P2pMetrics } from '../metrics.js'
import { recordProtocol } from '../protocols.js'
import type { RecordStore } from './record-store.js'

export interface RecordServerModules {
  readonly host: Host
  readonly store: RecordStore
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: P2pMetrics
}

/** What a bootstrap peer does: keeps the records pushed to it and hands them to whoever asks. */
export function createRecordServer(modules: RecordServerModules): Service {
  const { host, store } = modules
  return createExchangeServer(recordProtocol(host.networkName), {
    ...modules,
    answer: async (question) => encodeRecordResponse(await respond(decodeRecordRequest(question), store)),
  })
}

async function respond(request: RecordRequest, store: RecordStore): Promise<RecordResponse> {
  if (request.kind === 'fetch') {
    const record = store.get(request.operator)
    return record === undefined ? { kind: 'not-found' } : { kind: 'record', record }
  }
  try {
    await store.put(request.record)
    return { kind: 'accepted' }
  } catch (error) {
    // A record that is refused is an answer, not a fault of the peer: it may have been newer a second ago.
    if (isWitanError(error)) return { kind: 'rejected', code: error.code, message: error.message }
    throw error
  }
}
