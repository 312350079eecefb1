import { readNetworkFile } from '@witan/chain'
import { createTaskPool, findManifest, generateSentence, renderSentence, verifyModel } from '@witan/inference'
import { createDescribeServer, createInferClient, createPeerFinder, createRecordServer, describePeer } from '@witan/p2p'
import { LOCAL_CHAIN_ID, parseBehaviour } from '@witan/protocol'
import { composeServices, createHealthServer } from '@witan/runtime'
import { createValidator, VALIDATOR_MIGRATIONS, type ValidatorNetwork, validatorConfigSchema } from '@witan/validator'
import type { CommandContext } from '../command/context.js'
import { modelFolders } from '../settings/models.js'
import { pollMsOf } from '../settings/with-sender.js'
import { type DaemonValues, loadDaemonConfig } from './load-config.js'
import { type NodeBase, openNode } from './node.js'
import { SOFTWARE } from './software.js'
import { untilStopped } from './until-stopped.js'

/** Own runs at a time: challenges are made one after the other, miners are asked in parallel. */
const TASK_THREADS = 1

/** Composes and runs the validator until it is stopped. */
export async function runValidator(values: DaemonValues, context: CommandContext): Promise<void> {
  const loaded = loadDaemonConfig(validatorConfigSchema, values, context)
  const { values: config, path } = loaded
  const network = readNetworkFile(path(config.network))
  const behaviour = parseBehaviour(config.behaviour, 'validator', network.chainId)
  const folders = [...config.modelFolders.map(path), ...modelFolders(context)]
  const model = await verifyModel(await findManifest(config.model, folders))
  const node = await openNode(
    { name: 'validator', network, migrations: VALIDATOR_MIGRATIONS, durability: 'full' },
    loaded,
    context,
  )
  try {
    const { client, host, store, clock, logger, metrics, p2pMetrics, domain } = node
    const task = createTaskPool({ threads: TASK_THREADS, provider: config.provider }, { model, clock })
    const inferClient = createInferClient({}, { host, clock, metrics: p2pMetrics })
    const validator = createValidator(
      {
        netuid: config.netuid,
        operator: node.signer.address,
        peerId: host.peerId,
        domain,
        consensus: network.contracts.consensus,
        modelVersion: model.version,
        behaviour,
        challenges: config.challenges,
        tickMs: network.chainId === LOCAL_CHAIN_ID ? pollMsOf(network.chainId) : config.chainPollMs,
        software: SOFTWARE,
      },
      {
        chain: client,
        transactions: node.sender,
        network: networkOf(node, inferClient),
        task,
        sentences: { generate: generateSentence, render: renderSentence },
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
    const service = composeServices([node.sender, health, task, records, inferClient, validator])
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
