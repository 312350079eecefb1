import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  CHAIN_MIGRATIONS,
  type ChainClient,
  createChainMetrics,
  createSender,
  type NetworkFile,
  openKeystore,
  type Sender,
} from '@witan/chain'
import {
  acceptAnnounced,
  createHost,
  createP2pMetrics,
  createRecordClient,
  createRecordKeeper,
  createRecordStore,
  type Host,
  operatorOfMultiaddr,
  type P2pMetrics,
  type RecordClient,
  type RecordKeeper,
  type RecordStore,
} from '@witan/p2p'
import { type Address, createDomain, type Domain, type Signer, WitanError } from '@witan/protocol'
import {
  acquireLock,
  type Clock,
  createLogger,
  createMetrics,
  type Database,
  type Logger,
  type LogLevel,
  type Metrics,
  openDatabase,
} from '@witan/runtime'
import type { CommandContext } from '../command/context.js'
import { connect } from '../settings/connection.js'
import { pollMsOf } from '../settings/with-sender.js'
import type { LoadedConfig } from './load-config.js'

export interface NodeOptions {
  readonly name: 'miner' | 'validator'
  readonly network: NetworkFile
  /** Schema of the role's own database. */
  readonly migrations: readonly string[]
  readonly durability?: 'full' | 'normal'
}

/** The options that both roles have. */
export interface NodeConfig {
  readonly operator: { readonly keystore: string; readonly passwordFile: string }
  readonly dataDir: string
  readonly p2p: { readonly listen: readonly string[]; readonly announce: readonly string[] }
  readonly log: { readonly level: LogLevel }
}

/** What both roles stand on: one key, one chain client, one sender, one host, one database. */
export interface NodeBase {
  readonly network: NetworkFile
  readonly signer: Signer
  readonly domain: Domain
  readonly client: ChainClient
  readonly sender: Sender
  readonly host: Host
  readonly records: RecordClient
  /** Records by operator; served to others by first peers. */
  readonly store: RecordStore
  readonly keeper: RecordKeeper
  readonly database: Database
  readonly metrics: Metrics
  readonly p2pMetrics: P2pMetrics
  readonly clock: Clock
  readonly logger: Logger
  /** Closes files and lock; after every service has stopped. */
  close(): void
}

/** Opens everything in the order in which an operator wants to hear of mistakes: key, lock, chain. Starts nothing. */
export async function openNode(
  { name, network, migrations, durability = 'normal' }: NodeOptions,
  { values: config, path }: LoadedConfig<NodeConfig>,
  context: CommandContext,
): Promise<NodeBase> {
  const { clock } = context
  const dataDir = path(config.dataDir)
  const keystore = path(config.operator.keystore)
  const logger = createLogger({ name, level: config.log.level })
  const password = readPasswordFile(path(config.operator.passwordFile))
  const { signer, privateKey, isTooOpen } = await openKeystore({ path: keystore, password })
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const lock = acquireLock(join(dataDir, 'lock'))
  const metrics = createMetrics({ process: true })
  const chainMetrics = createChainMetrics(metrics)
  const client = await connect(network, context, chainMetrics)
  const chainDatabase = openDatabase(join(dataDir, 'chain.sqlite'), CHAIN_MIGRATIONS, { durability: 'full' })
  const database = openDatabase(join(dataDir, `${name}.sqlite`), migrations, { durability })
  const sender = createSender(
    { chainId: network.chainId, genesisHash: client.genesisHash, pollMs: pollMsOf(network.chainId) },
    {
      signer,
      rpc: client.rpc,
      database: chainDatabase,
      clock,
      logger,
      metrics: chainMetrics,
      contracts: client.contractsByAddress,
    },
  )
  const p2pMetrics = createP2pMetrics(metrics)
  const { listen, announce } = config.p2p
  const host = createHost(
    { networkName: network.name, privateKey, listen, announce },
    { clock, logger, metrics: p2pMetrics },
  )
  const domain = createDomain({ chainId: network.chainId, verifyingContract: network.contracts.subnets })
  const records = createRecordClient(
    { domain, bootstrap: bootstrapPeers(network).filter(({ operator }) => operator !== signer.address) },
    { host, clock, logger, expectedDigest: async (operator) => (await client.subnets.resolve(operator))?.digest },
  )
  const store = createRecordStore(
    { domain },
    { clock, metrics: p2pMetrics, accept: acceptAnnounced((operator) => client.subnets.record(operator)) },
  )
  const keeper = createRecordKeeper(
    { domain },
    {
      signer,
      multiaddrs: () => host.multiaddrs(),
      announced: () => client.subnets.record(signer.address),
      announce: ({ seq, expiry, signature }, recordDigest) =>
        sender.submit(client.intents.announce({ operator: signer.address, recordDigest, seq, expiry, signature }), {
          idempotenceKey: `announce:${seq}:${recordDigest}`,
        }),
      async publish(record, publishing) {
        // A first peer hands out its own record like any other's.
        await store.put(record)
        return records.publish(record, publishing)
      },
      onError: (err) => logger.warn({ err }, 'address record not announced or pushed, trying again'),
      clock,
      logger,
    },
  )
  if (isTooOpen) logger.warn({ keystore }, 'others may read the keystore')
  return {
    network,
    signer,
    domain,
    client,
    sender,
    host,
    records,
    store,
    keeper,
    database,
    metrics,
    p2pMetrics,
    clock,
    logger,
    close() {
      database.close()
      chainDatabase.close()
      lock.release()
    },
  }
}

/** The first peers of a network file, with who they must be. */
export function bootstrapPeers({ bootstrap }: NetworkFile): { operator: Address; multiaddrs: string[] }[] {
  return bootstrap.map((multiaddr) => {
    const operator = operatorOfMultiaddr(multiaddr)
    if (operator !== undefined) return { operator, multiaddrs: [multiaddr] }
    throw new WitanError('PEER_ADDRESS_INVALID', 'A first peer of the network file has no identity', {
      facts: { multiaddr },
    })
  })
}

/** A daemon never asks: without a readable password file it refuses to start. */
function readPasswordFile(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '')
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause)
    throw new WitanError('CONFIG_UNREADABLE', 'The password file cannot be read', {
      facts: { key: 'operator.passwordFile', file: path, reason },
      cause,
    })
  }
}
