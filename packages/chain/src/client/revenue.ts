import { eventTopic } from '../abi/events.js'
import { readLatestBlock } from '../blocks/block.js'
import { queryEventPages } from '../events/query-events.js'
import type { Connection } from '../network/connect-chain.js'
import type { RevenueKey } from './intents/payment-intents.js'

export interface RevenueRange {
  /** Since the deployment when absent. */
  readonly fromBlock?: number
  readonly signal?: AbortSignal | undefined
}

/** For whom something was paid in. */
export interface PaidIn {
  /** Each once, in the order in which each was first paid for. */
  readonly keys: readonly RevenueKey[]
  /** The last block that was read. */
  readonly toBlock: number
}

/** Node, model and subnet of all revenue that came in, whether distributed since or not. */
export async function readPaidIn(
  { rpc, network, contracts: { splitter } }: Pick<Connection, 'rpc' | 'network' | 'contracts'>,
  { fromBlock = network.deployedAtBlock, signal }: RevenueRange = {},
): Promise<PaidIn> {
  const { number: latest } = await readLatestBlock(rpc, { signal })
  const filter = {
    contracts: new Map([[splitter.address, 'RevenueSplitter' as const]]),
    topics: [eventTopic('RevenueSplitter', 'RevenuePaidIn')],
  }
  const keys = new Map<string, RevenueKey>()
  for await (const events of queryEventPages(rpc, filter, fromBlock, latest, { signal })) {
    for (const event of events) {
      if (event.name !== 'RevenuePaidIn') continue
      const { netuid, nodeId, modelId } = event.args
      keys.set(`${netuid} ${nodeId} ${modelId}`, { netuid, nodeId, modelId })
    }
  }
  return { keys: [...keys.values()], toBlock: latest }
}
