import {
  type Description,
  decodeDescribeRequest,
  decodeDescription,
  encodeDescribeRequest,
  encodeDescription,
} from '@witan/protocol'
import type { Clock, Logger, Service } from '@witan/runtime'
import { type AskModules, ask } from '../exchange/ask.js'
import { createExchangeServer } from '../exchange/exchange-server.js'
import type { Host } from '../host/host.js'
import type { PeerTarget } from '../host/peer.js'
import type { P2pMetrics } from '../metrics.js'
import { describeProtocol } from '../protocols.js'

export interface DescribeServerModules {
  readonly host: Host
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: P2pMetrics
  /** What this node offers at this moment. */
  describe(): Description | Promise<Description>
}

/** Tells anybody who asks what this node offers; the one thing open to strangers. */
export function createDescribeServer(modules: DescribeServerModules): Service {
  return createExchangeServer(describeProtocol(modules.host.networkName), {
    ...modules,
    answer: async (question) => {
      decodeDescribeRequest(question)
      return encodeDescription(await modules.describe())
    },
  })
}

/** Asks a miner what it offers. Throws what `ask` throws, and `MESSAGE_MALFORMED`. */
export async function describePeer(peer: PeerTarget, modules: AskModules, signal?: AbortSignal): Promise<Description> {
  const bounds = describeProtocol(modules.host.networkName)
  return decodeDescription(await ask(bounds, peer, encodeDescribeRequest(), modules, signal))
}
