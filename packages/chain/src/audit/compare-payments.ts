import { forEachOf } from '@witan/runtime'
import type { Comparison } from './compare-money.js'
import type { Replay } from './replay.js'
import { tableAt } from './revenue-ledger.js'
import { stored } from './stored.js'

export async function compareChannels({ channels: ledger }: Replay, { contracts, at, findings }: Comparison) {
  const { channels } = contracts
  const compare = (what: string, rebuilt: unknown, told: unknown) => findings.compare('channels', what, rebuilt, told)
  await forEachOf(ledger.channels, async ([channelId, channel]) => {
    const told = await stored(channels.read('channelOf', [channelId], at))
    for (const [field, value] of Object.entries(channel)) {
      compare(`channel ${channelId} ${field}`, value, told?.[field as keyof typeof channel])
    }
  })
  await forEachOf(ledger.openNonces, async ([consumer, nonce]) => {
    compare(`channels opened by ${consumer}`, nonce, await channels.read('openNonces', [consumer], at))
  })
  const deposited = [...ledger.channels.values()].reduce((sum, { deposit, paid }) => sum + deposit - paid, 0n)
  compare('tokens held', true, deposited <= (await contracts.token.read('balanceOf', [channels.address], at)))
}

export async function compareRevenue(replay: Replay, { contracts, at, now, findings }: Comparison): Promise<void> {
  const { splitter } = contracts
  const { revenue: ledger } = replay
  const compare = (what: string, rebuilt: unknown, told: unknown) => findings.compare('revenue', what, rebuilt, told)
  await forEachOf(ledger.pending.values(), async ({ netuid, nodeId, modelId, assets }) => {
    const told = await splitter.read('pendingOf', [netuid, nodeId, modelId], at)
    compare(`subnet ${netuid} node ${nodeId} model ${modelId} pending`, assets, told)
  })
  await forEachOf(ledger.pots, async ([netuid, { assets, since }]) => {
    compare(`subnet ${netuid} pot`, [assets, since], await splitter.read('potOf', [netuid], at))
  })
  await forEachOf(ledger.owed, async ([account, owed]) => {
    compare(`owed to ${account}`, owed, await splitter.read('owedTo', [account], at))
  })
  await forEachOf(new Set([...replay.subnets.subnets.keys(), ...ledger.tables.keys()]), async (netuid) => {
    const [table, nonce] = await Promise.all([
      splitter.read('tableOf', [netuid], at),
      splitter.read('tableNonces', [netuid], at),
    ])
    compare(`subnet ${netuid} table`, tableAt(ledger, netuid, now), table)
    compare(`subnet ${netuid} tables signed`, ledger.tableNonces.get(netuid) ?? 0n, nonce)
  })
}
