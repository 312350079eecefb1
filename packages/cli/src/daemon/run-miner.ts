import { readNetworkFile } from '@witan/chain'
import { createStock, MAX_IMAGE_BYTES } from '@witan/inference'
import {
  createMiner,
  createMinerBehaviour,
  MINER_MIGRATIONS,
  type MinerNetwork,
  minerConfigSchema,
  type PaymentChain,
  readBootId,
  settleWhenWorthIt,
} from '@witan/miner'
import { createDescribeServer, createInferServer } from '@witan/p2p'
import { bytesToHex, parseBehaviour } from '@witan/protocol'
import { composeServices, createHealthServer } from '@witan/runtime'
import type { CommandContext } from '../command/context.js'
import { openNodeContent } from '../content/node-content.js'
import { type DaemonValues, loadDaemonConfig } from './load-config.js'
import { openModels } from './model-sources.js'
import { type NodeBase, openNode } from './node.js'
import { SOFTWARE } from './software.js'
import { untilStopped } from './until-stopped.js'

/** Composes and runs the miner until it is stopped. */
export async function runMiner(values: DaemonValues, context: CommandContext): Promise<void> {
  const loaded = loadDaemonConfig(minerConfigSchema, values, context)
  const { values: config, path } = loaded
  const network = readNetworkFile(path(config.network))
  const behaviour = createMinerBehaviour(parseBehaviour(config.behaviour, 'miner', network.chainId), context)
  const { modelId, modelVersion, folders, ...local } = await openModels(config, path, context)
  const node = await openNode({ name: 'miner', network, migrations: MINER_MIGRATIONS }, loaded, context)
  try {
    const { clock, logger, metrics } = node
    const { concurrency, queue, admissionRefreshMs } = config.serving
    const { server: contentServer, ...sources } = openNodeContent(
      { dataDir: path(config.dataDir), netuid: config.netuid, folders },
      { local, node, random: context.random },
    )
    const stock = createStock(
      { processes: concurrency, queue, provider: config.provider },
      {
        ...sources,
        modelToLoad: behaviour.modelToLoad,
        onError: (what, digest, error) => miner.noteMissing(what, digest, error),
        clock,
      },
    )
    const miner = createMiner(
      {
        netuid: config.netuid,
        peerId: node.host.peerId,
        domain: node.domain,
        modelId,
        modelVersion,
        maxInputBytes: MAX_IMAGE_BYTES,
        admit: config.admit,
        admissionRefreshMs,
        concurrency,
        queue,
        price: config.payments.price,
        paidModelId: BigInt(config.payments.modelId),
        settleMs: config.payments.settleMs,
        bootId: await readBootId(() => bytesToHex(context.random.bytes(16))),
        software: SOFTWARE,
      },
      {
        chain: node.client,
        payments: paymentsOf(node, context),
        settlePolicy: settleWhenWorthIt({
          tokenPriceWei: config.payments.tokenPrice || undefined,
          times: config.payments.settleTimes,
        }),
        network: networkOf(node, config.serving.drainMs),
        stock,
        behaviour,
        signer: node.signer,
        record: node.keeper,
        database: node.database,
        clock,
        logger,
        metrics,
      },
    )
    const health = createHealthServer(config.health, {
      metrics,
      live: () => miner.live(),
      ready: () => miner.ready(),
      drain: () => void miner.drain(),
      routes: { '/status': () => miner.status() },
      logger,
    })
    const service = composeServices([node.sender, health, stock, contentServer, miner])
    await untilStopped(values, { service, context, logger }, () => ({ health: health.port(), ...miner.status() }))
  } finally {
    node.close()
  }
}

/** A batch is a wish of its own: what a failed one held is looked at again. */
function paymentsOf({ client, sender }: NodeBase, { random }: CommandContext): PaymentChain {
  return {
    domain: client.payments.domain(),
    channel: (channelId) => client.payments.channel(channelId),
    gasPrice: async () => BigInt(await client.rpc.request<string>('eth_gasPrice', [])),
    async settle(vouchers) {
      const idempotenceKey = `settle:${bytesToHex(random.bytes(16))}`
      await sender.submit(client.intents.settleVouchers(vouchers), { idempotenceKey })
    },
  }
}

/** The miner's two functions behind the two protocols. The host listens once the miner knows that it may serve. */
function networkOf({ host, p2pMetrics: metrics, clock, logger }: NodeBase, drainMs: number): MinerNetwork {
  return {
    serveInfer: ({ handler, admit }) =>
      composeServices([
        host,
        createInferServer({ limits: { drainMs } }, { host, handler, admit, clock, logger, metrics }),
      ]),
    serveDescribe: (describe) => createDescribeServer({ host, describe, clock, logger, metrics }),
  }
}
