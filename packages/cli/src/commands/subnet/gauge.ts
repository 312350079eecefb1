import type { ChainClient } from '@witan/chain'
import { defineCommand } from '../../command/command.js'
import { option, repeated, toggle, usageError } from '../../command/option.js'
import { asAddress, asPoint } from '../../command/parse.js'
import { formatShare, formatTime, formatTokens } from '../../output/numbers.js'
import { type Column, renderTable } from '../../output/table.js'
import { networkOptions, openNetwork } from '../../settings/connection.js'
import { argumentsOf, renderSent, senderAddress, sendIntents, sendOptions } from '../../settings/sending.js'

const BPS = 10_000

export const subnetGauge = defineCommand({
  path: ['subnet', 'gauge'],
  summary: 'Show which part of the emission each subnet gets, and the stake pointed at it',
  options: {
    ...networkOptions,
    account: option.optional('--account <address>', 'also show where this account points', asAddress),
  },
  examples: ['subnet gauge', 'subnet gauge --account 0x… --json'],
  async run({ account, ...values }, context) {
    const client = await openNetwork(values, context)
    const [terms, { timestamp }] = await Promise.all([client.gauge.terms(), client.latestBlock()])
    const [subnets, pointedWei, own] = await Promise.all([
      sharesOf(client, timestamp, terms.nextBoundary),
      client.gauge.totalPointedAt(timestamp),
      account === undefined ? null : client.gauge.pointsOf(account),
    ])
    return { ...terms, pointedWei, subnets, own: own === null ? null : { account: account!, ...own } }
  },
  render({ nextBoundary, maxShareBps, pointedWei, subnets, own }, { terminal }) {
    type Row = (typeof subnets)[number]
    const columns: readonly Column<Row>[] = [
      { title: 'NETUID', value: ({ netuid }) => String(netuid), align: 'right' },
      { title: 'NAME', value: ({ name }) => name },
      { title: 'SHARE', value: ({ now, isActive }) => (isActive ? formatShare(now.share) : '-'), align: 'right' },
      { title: 'NEXT', value: ({ next, isActive }) => (isActive ? formatShare(next.share) : '-'), align: 'right' },
      { title: 'POINTED', value: ({ now }) => formatTokens(now.pointedWei), align: 'right' },
      { title: 'NEXT', value: ({ next }) => formatTokens(next.pointedWei), align: 'right' },
    ]
    const cap = formatShare(maxShareBps / BPS)
    const head = `${formatTokens(pointedWei)} tokens of stake pointed; a subnet gets at most ${cap}; next change ${formatTime(nextBoundary)}`
    const ownLine =
      own === null ? [] : [`${own.account} points ${pointsText(own.points)} with ${formatTokens(own.stakeWei)}`]
    return [head, renderTable(columns, subnets, terminal.columns), ...ownLine].join('\n')
  },
})

export const subnetGaugePoint = defineCommand({
  path: ['subnet', 'gauge', 'point'],
  summary: "Point the key's stake at subnets, in proportion to weights; replaces where it pointed before",
  options: {
    ...sendOptions,
    subnet: repeated('--subnet <netuid=weight>', 'a subnet and its weight; at most eight', asPoint),
    none: toggle('--none', 'point at no subnet any more'),
  },
  examples: [
    'subnet gauge point --subnet 1=3 --subnet 2=1 --key owner',
    'subnet gauge point --none --key owner --dry-run',
  ],
  async run({ subnet, none, ...values }, context) {
    if ((subnet.length === 0) !== none) throw usageError('Give either --subnet or --none')
    if (new Set(subnet.map(({ netuid }) => netuid)).size < subnet.length) throw usageError('A subnet is named twice')
    const client = await openNetwork(values, context)
    const account = await senderAddress(values, context)
    const [before, { nextBoundary }] = await Promise.all([client.gauge.pointsOf(account), client.gauge.terms()])
    const sent = await sendIntents(client, [client.intents.point(subnet)], values, context)
    const stakeWei = argumentsOf(sent, 'VotesSet')?.stake ?? null
    return { account, before: before.points, points: subnet, stakeWei, countsFrom: nextBoundary, ...sent }
  },
  render({ before, points, stakeWei, countsFrom, ...sent }) {
    const stake = stakeWei === null ? '' : ` with ${formatTokens(stakeWei)} tokens of stake`
    return `${renderSent(sent)}\nbefore ${pointsText(before)}; from ${formatTime(countsFrom)} on ${pointsText(points)}${stake}`
  },
})

type Points = readonly { readonly netuid: number; readonly weight: number }[]

/** `75.0 % at subnet 1, 25.0 % at subnet 2`. */
function pointsText(points: Points): string {
  const sum = points.reduce((total, { weight }) => total + weight, 0)
  if (sum === 0) return 'nowhere'
  return points.map(({ netuid, weight }) => `${formatShare(weight / sum)} at subnet ${netuid}`).join(', ')
}

async function sharesOf(client: ChainClient, now: number, next: number) {
  const count = await client.subnets.count()
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const netuid = index + 1
      const [{ name }, isActive, atNow, atNext] = await Promise.all([
        client.contracts.subnets.read('subnet', [netuid]),
        client.gauge.isActive(netuid),
        client.gauge.shareAt(netuid, now),
        client.gauge.shareAt(netuid, next),
      ])
      return { netuid, name, isActive, now: atNow, next: atNext }
    }),
  )
}
