import { type ChainClient, type ChainEvent, followEvents } from '@witan/chain'
import { isWitanError } from '@witan/protocol'
import { type Clock, composeServices, createLoop, createService, type Logger, type Service } from '@witan/runtime'
import { pollMsOf } from '../settings/with-sender.js'
import { type LocalNode, NETUID } from './local-plan.js'
import {
  type LocalNetworkReport,
  type NodeStatus,
  type ObservedEpoch,
  type ObservedError,
  observeNeurons,
} from './observation.js'

export interface ObserverModules {
  readonly client: ChainClient
  /** By operator address. */
  readonly nodes: ReadonlyMap<string, LocalNode>
  /** Where each running node answers `/status`, by operator address. */
  statusUrls(): ReadonlyMap<string, string>
  readonly clock: Clock
  readonly logger: Logger
}

export interface Observer extends Service {
  /** Undefined before the first look. */
  report(): LocalNetworkReport | undefined
  /** Notes something that happened to the local network itself. */
  note(error: unknown): void
  /** Resolves when this many epochs have been settled since the start. */
  whenSettled(epochs: number, signal: AbortSignal): Promise<void>
  /** Looks once more. */
  look(): Promise<void>
  /** Calls `listener` after every look. */
  onLook(listener: () => void): void
}

const LOOK_INTERVAL_MS = 1_000
const STATUS_TIMEOUT_MS = 2_000

/** Watches chain and nodes and keeps the report of both up to date. */
export function createObserver({ client, nodes, statusUrls, clock, logger }: ObserverModules): Observer {
  const epochs: ObservedEpoch[] = []
  const statuses = new Map<string, NodeStatus>()
  const own: ObservedError[] = []
  const listeners = new Set<() => void>()
  let report: LocalNetworkReport | undefined
  let startBlock = 0

  const note = (error: unknown) => {
    const code = isWitanError(error) ? error.code : 'INTERNAL'
    const message = error instanceof Error ? error.message : String(error)
    own.push({ code, at: new Date(clock.nowMs()).toISOString(), uid: null, message })
  }

  const onEvents = async (batch: readonly ChainEvent[]) => {
    for (const event of batch) {
      if (event.name !== 'EpochPaid') continue
      const receipt = await client.rpc.request<{ gasUsed: string }>('eth_getTransactionReceipt', [
        event.transactionHash,
      ])
      epochs.push({
        epoch: Number(event.args.epoch),
        settledAtBlock: event.blockNumber,
        gasUsed: Number(receipt.gasUsed),
        emission: event.args.paid.emission,
      })
    }
  }

  const look = async () => {
    await Promise.all([...statusUrls()].map(([operator, url]) => readStatus(operator, url)))
    const metagraph = await client.metagraph(NETUID)
    const supply = await client.money.supply(undefined, { block: metagraph.block.number })
    report = {
      network: client.network.name,
      chainId: client.network.chainId,
      contracts: client.network.contracts,
      epochs: [...epochs],
      neurons: observeNeurons({ metagraph, nodes, statuses }),
      supply,
      receiptsVerified: [...statuses.values()].reduce((sum, { receiptsVerified = 0 }) => sum + receiptsVerified, 0),
      errors: [...own, ...[...statuses.values()].flatMap(errorsOf)].sort((a, b) => a.at.localeCompare(b.at)),
    }
    for (const listener of listeners) listener()
  }

  const readStatus = async (operator: string, url: string) => {
    try {
      using deadline = clock.timeout(STATUS_TIMEOUT_MS)
      const response = await fetch(url, { signal: deadline })
      if (response.ok) statuses.set(operator, (await response.json()) as NodeStatus)
    } catch (err) {
      // A node that starts or dies has its last status shown; its process is watched elsewhere.
      logger.debug({ err, operator }, 'status not read')
    }
  }

  const follower = followEvents(
    {
      contracts: client.contractsByAddress,
      fromBlock: client.network.deployedAtBlock,
      pollMs: pollMsOf(client.network.chainId),
    },
    { rpc: client.rpc, onEvents: (batch) => onEvents(batch.events), clock, logger },
  )
  const looking = createLoop(
    { name: 'observer', intervalMs: LOOK_INTERVAL_MS, run: look, onError: note },
    { clock, logger },
  )

  const parts = composeServices([follower, looking])

  return {
    ...createService({
      async start() {
        startBlock = (await client.latestBlock()).number
        await parts.start()
      },
      stop: () => parts.stop(),
    }),
    report: () => report,
    note,
    look,
    onLook: (listener) => void listeners.add(listener),
    whenSettled(count, signal) {
      return new Promise((resolve, reject) => {
        const check = () => {
          if (epochs.filter(({ settledAtBlock }) => settledAtBlock > startBlock).length >= count) resolve()
        }
        signal.addEventListener('abort', () => reject(signal.reason), { once: true })
        listeners.add(check)
        check()
      })
    },
  }
}

function errorsOf({ uid, recentErrors }: NodeStatus): ObservedError[] {
  return recentErrors.map(({ code, at, message }) => ({
    code,
    at: new Date(at).toISOString(),
    uid: uid ?? null,
    message,
  }))
}
