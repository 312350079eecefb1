import { readNetworkFile } from '@witan/chain'
import { createStock, generateSentence, readMnist, renderSentence } from '@witan/inference'
import { createDescribeServer, createInferClient, createPeerFinder, createRecordServer, describePeer } from '@witan/p2p'
import { LOCAL_CHAIN_ID, parseBehaviour } from '@witan/protocol'
import { composeServices, createHealthServer } from '@witan/runtime'
import { createValidator, VALIDATOR_MIGRATIONS, type ValidatorNetwork, validatorConfigSchema } from '@witan/validator'
import type { CommandContext } from '../command/context.js'
import { openNodeContent } from '../content/node-content.js'
import { pollMsOf } from '../settings/with-sender.js'
import { type DaemonValues, loadDaemonConfig } from './load-config.js'
import { openModels } from './model-sources.js'
import { type NodeBase, openNode } from './node.js'
import { SOFTWARE } from './software.js'
import { untilStopped } from './until-stopped.js'

/** Own runs at a time: challenges are made one after the other, miners are asked in parallel. */
const TASK_PROCESSES = 1
/** Own runs that may wait: those of all challenges in progress. */
const TASK_QUEUE = 1_024

/** Composes and runs the validator until it is stopped. */
export async function runValidator(values: DaemonValues, context: CommandContext): Promise<void> {
  const loaded = loadDaemonConfig(validatorConfigSchema, values, context)
  const { values: config, path } = loaded
  const network = readNetworkFile(path(config.network))
  const behaviour = parseBehaviour(config.behaviour, 'validator', network.chainId)
  const { modelId, modelVersion, folders, ...local } = await openModels(config, path, context)
  const node = await openNode(
    { name: 'validator', network, migrations: VALIDATOR_MIGRATIONS, durability: 'full' },
    loaded,
    context,
  )
  try {
    const { client, host, store, clock, logger, metrics, p2pMetrics, domain } = node
    const { server: contentServer, ...sources } = openNodeContent(
      { dataDir: path(config.dataDir), netuid: config.netuid, folders },
      { local, node, random: context.random },
    )
    const stock = createStock(
      { processes: TASK_PROCESSES, queue: TASK_QUEUE, provider: config.provider },
      { ...sources, onError: (what, digest, error) => validator.noteMissing(what, digest, error), clock },
    )
    const inferClient = createInferClient({}, { host, clock, metrics: p2pMetrics })
    const validator = createValidator(
      {
        netuid: config.netuid,
        operator: node.signer.address,
        peerId: host.peerId,
        domain,
        consensus: network.contracts.consensus,
        modelId,
        modelVersion,
        registryRefreshMs: config.registryRefreshMs,
        behaviour,
        challenges: config.challenges,
        tickMs: network.chainId === LOCAL_CHAIN_ID ? pollMsOf(network.chainId) : config.chainPollMs,
        software: SOFTWARE,
      },
      {
        chain: client,
        transactions: node.sender,
        network: networkOf(node, inferClient),
        stock,
        sentences: { generate: generateSentence, render: renderSentence },
        pictures: readOnce(async () => (await readMnist('test')).map(({ pixels }) => pixels)),
        record: node.keeper,
        database: node.database,
        clock,
        random: context.random,
        logger,
        metrics,
      },
    )
    const health = createHealthServer(config.health, {
      metrics,
      live: () => validator.live(),
      ready: () => validator.ready(),
      routes: { '/status': () => validator.status() },
      logger,
    })
    const records = createRecordServer({ host, store, clock, logger, metrics: p2pMetrics })
    const service = composeServices([node.sender, health, stock, records, contentServer, inferClient, validator])
    await untilStopped(values, { service, context, logger }, () => ({ health: health.port(), ...validator.status() }))
  } finally {
    node.close()
  }
}

/** The host listens once the validator knows that it may run. */
function networkOf(
  { client, host, records, store, clock, logger, p2pMetrics }: NodeBase,
  inferClient: ReturnType<typeof createInferClient>,
): ValidatorNetwork {
  const announcedDigest = async (operator: `0x${string}`) => (await client.subnets.resolve(operator))?.digest
  return {
    resolve: createPeerFinder({ store, records, announcedDigest }),
    describe: (target, signal) => describePeer(target, { host, clock }, signal),
    infer: (target, head, input, signal) => inferClient.infer(target, head, input, { signal }),
    serveDescribe: (describe) =>
      composeServices([host, createDescribeServer({ host, describe, clock, logger, metrics: p2pMetrics })]),
  }
}

/** The first call reads, the others share what it read; a failed one is tried again. */
function readOnce<T>(read: () => Promise<T>): () => Promise<T> {
  let found: Promise<T> | undefined
  return () => {
    found ??= read().catch((error) => {
      found = undefined
      throw error
    })
    return found
  }
}
