import { type Fork, type ForkItem, openFork } from '@witan/chain'
import { mapOf } from '@witan/runtime'
import { defineCommand } from '../../command/command.js'
import { formatTime, formatTokens } from '../../output/numbers.js'
import { renderTable } from '../../output/table.js'
import { networkOptions, openNetwork } from '../../settings/connection.js'
import { exportOption, readExport } from '../../settings/fork-export.js'

export const forkShow = defineCommand({
  path: ['fork', 'show'],
  summary: 'Show what a fork took over: who can claim and has claimed, and which items go on',
  options: { ...networkOptions, export: exportOption },
  examples: ['fork show --export network-120000.json', 'fork show --export network-120000.json --json'],
  async run({ export: file, ...values }, context) {
    const body = readExport(file, context)
    const client = await openNetwork(values, context)
    const fork = await openFork(client, body)
    const holders = await mapOf(fork.trees.claimants, async (claimant) => ({
      ...claimant,
      claimed: await fork.hasClaimed(claimant.account),
    }))
    const items = await mapOf(fork.trees.items, (item) => withSuccessor(fork, item))
    const { chainId, block, time } = body.source
    return {
      ...{ network: client.network.name, exported: { chainId, block, time }, ...fork.trees.origin },
      excluded: client.network.fork!.excluded,
      besides: fork.besides,
      sweepableAt: await fork.sweepableAt(),
      holders,
      items,
    }
  },
  render(shown, { terminal }) {
    const { network, exported, exportDigest, supply, excluded, besides, sweepableAt, holders, items } = shown
    const table = renderTable<(typeof holders)[number]>(
      [
        { title: 'ACCOUNT', value: ({ account }) => account },
        { title: 'FREE', value: ({ liquid }) => formatTokens(liquid), align: 'right' },
        { title: 'STAKED', value: ({ staked }) => formatTokens(staked), align: 'right' },
        { title: 'CLAIMED', value: ({ claimed }) => (claimed ? 'yes' : 'no') },
      ],
      holders,
      terminal.columns,
    )
    const taken = renderTable<(typeof items)[number]>(
      [
        { title: 'ITEM', value: ({ kind, id }) => (kind === 'terms' ? kind : `${kind} ${id}`) },
        { title: 'OWNER', value: ({ owner }) => owner },
        { title: 'GOES ON AS', value: ({ successor }) => successor ?? '–' },
        { title: 'DIGEST', value: ({ digest }) => digest },
      ],
      items,
      terminal.columns,
    )
    return [
      `${network} was forked from chain ${exported.chainId} at block ${exported.block} (${formatTime(exported.time)})`,
      `export  ${exportDigest}`,
      `${formatTokens(supply)} tokens to claim until ${formatTime(sweepableAt)}; left out: ${excluded.join(', ') || 'nobody'}`,
      ...(besides === 0n
        ? []
        : [`${formatTokens(besides)} tokens were given to others, whom the export does not name`]),
      ...['', table, '', taken],
    ].join('\n')
  },
})

async function withSuccessor(fork: Fork, item: ForkItem) {
  const successor = item.kind === 'terms' ? 0n : await fork.successorOf(item.kind, item.id)
  return { ...item, successor: successor === 0n ? null : String(successor) }
}
