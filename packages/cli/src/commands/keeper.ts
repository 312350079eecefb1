import { createChainMetrics, readNetworkFile } from '@witan/chain'
import { WitanError } from '@witan/protocol'
import { composeServices, createHealthServer, createLogger, createMetrics, createRecentErrors } from '@witan/runtime'
import { defineCommand } from '../command/command.js'
import { option, repeated, toggle } from '../command/option.js'
import { asInteger, asPositiveAmount } from '../command/parse.js'
import { untilStopped } from '../daemon/until-stopped.js'
import { createKeeper } from '../keeper/create-keeper.js'
import { createKeeperMetrics } from '../metrics.js'
import { connect, networkFilePath, networkOptions } from '../settings/connection.js'
import { keyOption, passwordFileOption } from '../settings/keys.js'
import { pollMsOf, withSender } from '../settings/with-sender.js'

const HEALTH_PORT = 9103

export const keeper = defineCommand({
  path: ['keeper'],
  summary: 'Settle epochs for their bounties, carry out decisions and hand out revenue until stopped',
  options: {
    ...networkOptions,
    key: keyOption('that sends and pays; needs coin and no tokens'),
    passwordFile: passwordFileOption,
    netuid: repeated('--netuid <netuid>', 'a subnet to keep (default: all)', asInteger(1, 65_535)),
    tokenPrice: option.optional(
      '--token-price <coin>',
      "what a token is worth in the chain's coin: settle, claim and hand out only where that covers the gas",
      asPositiveAmount,
    ),
    always: toggle('--always', 'act whatever it costs'),
    maxCost: option.optional('--max-cost <coin>', 'never let a transaction cost more', asPositiveAmount),
    sync: toggle('--sync', 'also hand pools their accrued rewards'),
    epochsOnly: toggle('--epochs-only', 'only settle: carry out no decisions and hand out no revenue'),
    healthPort: option.withDefault(
      '--health-port <port>',
      'port of /livez, /readyz, /metrics and /status on 127.0.0.1; 0 takes any free one',
      asInteger(0, 65_535),
      HEALTH_PORT,
    ),
    stopWithStdin: toggle('--stop-with-stdin', 'stop when standard input ends: the parent has gone'),
  },
  examples: [
    'keeper --key keeper --token-price 0.002',
    'keeper --key keeper --netuid 1 --netuid 2 --always --max-cost 0.05 --sync',
  ],
  async run({ netuid, tokenPrice, always, maxCost, sync, epochsOnly, healthPort, stopWithStdin, ...values }, context) {
    if (tokenPrice === undefined && !always) {
      throw new WitanError('KEEPER_WITHOUT_RULE', 'Neither a price of the token nor --always was given')
    }
    const { clock } = context
    const logger = createLogger({ name: 'keeper' })
    const metrics = createMetrics({ process: true })
    const chainMetrics = createChainMetrics(metrics)
    const client = await connect(readNetworkFile(networkFilePath(values, context)), context, chainMetrics)
    // Says now that a subnet does not exist, not at its first epoch.
    for (const each of netuid) await client.contracts.subnets.read('ownerOf', [each])
    const { network, genesisHash, rpc, contractsByAddress: contracts } = client
    const chain = { chainId: network.chainId, genesisHash, rpc, contracts, logger, metrics: chainMetrics }
    await withSender(values, chain, context, async (sender) => {
      const service = createKeeper(
        {
          netuids: netuid,
          rules: { tokenPriceWei: always ? undefined : tokenPrice, maxCostWei: maxCost, sync, epochsOnly },
          pollMs: pollMsOf(network.chainId),
        },
        {
          chain: client,
          sender,
          clock,
          logger,
          metrics: createKeeperMetrics(metrics),
          errors: createRecentErrors({}, { clock }),
        },
      )
      const { live, status } = service
      const health = createHealthServer(
        { port: healthPort },
        { metrics, live, ready: live, routes: { '/status': status }, logger },
      )
      await untilStopped({ stopWithStdin }, { service: composeServices([health, service]), context, logger }, () => ({
        health: health.port(),
        ...status(),
      }))
    })
  },
})
