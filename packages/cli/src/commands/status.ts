import { publicPart } from '@witan/chain'
import { defineCommand } from '../command/command.js'
import { formatTokens } from '../output/numbers.js'
import { networkFilePath, networkOptions, openNetwork } from '../settings/connection.js'

export const status = defineCommand({
  path: ['status'],
  summary: 'Show whether the network is there and moving: chain, contracts, subnets, supply',
  options: networkOptions,
  examples: ['status --json'],
  async run(values, context) {
    const client = await openNetwork(values, context)
    const [block, count, supply, totalSupply] = await Promise.all([
      client.latestBlock(),
      client.subnets.count(),
      client.money.supply(),
      client.money.totalSupply(),
    ])
    const subnets = await Promise.all(
      Array.from({ length: count }, async (_, index) => {
        const [subnet, epoch, lastSettled] = await Promise.all([
          client.subnets.subnet(index + 1),
          client.consensus.runningEpoch(index + 1),
          client.consensus.lastSettled(index + 1),
        ])
        const { netuid, name, neuronCount } = subnet
        return { netuid, name, neurons: neuronCount, epoch: epoch ?? null, lastSettled: lastSettled?.epoch ?? null }
      }),
    )
    const { name, chainId, contracts, rpcUrls } = client.network
    const blockAgeSeconds = Math.max(0, Math.round(context.clock.nowMs() / 1000 - block.timestamp))
    return {
      networkFile: networkFilePath(values, context),
      network: name,
      chainId,
      rpcUrls: rpcUrls.map(publicPart),
      block: block.number,
      blockAgeSeconds,
      contracts,
      subnets,
      totalSupply,
      supply,
    }
  },
  render: ({ network, chainId, block, blockAgeSeconds, subnets, totalSupply, supply }) =>
    [
      `network  ${network} (chain ${chainId}), block ${block}, ${blockAgeSeconds} s old`,
      ...subnets.map(
        ({ netuid, name, neurons, epoch, lastSettled }) =>
          `subnet   ${netuid} "${name}": ${neurons} neurons, ${epoch === null ? 'closed' : `epoch ${epoch}`}, last settled ${lastSettled ?? 'none'}`,
      ),
      `supply   ${formatTokens(totalSupply)} tokens; emission scheduled ${formatTokens(supply.scheduled)}, minted ${formatTokens(supply.minted)}`,
    ].join('\n'),
})
