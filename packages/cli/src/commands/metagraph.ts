import type { MetagraphNeuron } from '@witan/chain'
import { defineCommand } from '../command/command.js'
import { formatShare, formatTokens, shorten } from '../output/numbers.js'
import { type Column, renderTable } from '../output/table.js'
import { netuidOption, networkOptions, openNetwork } from '../settings/connection.js'

/** Columns as users of the field know them. */
const COLUMNS: readonly Column<MetagraphNeuron>[] = [
  { title: 'UID', value: ({ uid }) => String(uid), align: 'right' },
  { title: 'STAKE', value: ({ stake }) => formatTokens(stake, 2), align: 'right' },
  { title: 'CONSENSUS', value: ({ consensus }) => formatShare(consensus), align: 'right' },
  { title: 'INCENTIVE', value: ({ incentive }) => formatShare(incentive), align: 'right' },
  { title: 'DIVIDENDS', value: ({ dividends }) => formatShare(dividends), align: 'right' },
  { title: 'VTRUST', value: ({ validatorTrust }) => validatorTrust.toFixed(3), align: 'right' },
  { title: 'PERMIT', value: ({ hasPermit }) => (hasPermit ? '*' : '') },
  { title: 'OPERATOR', value: ({ operator }) => operator },
  { title: 'OWNER', value: ({ owner }) => shorten(owner) },
  { title: 'RECORD', value: ({ record }) => (record === undefined ? '-' : `#${record.seq}`) },
]

export const metagraph = defineCommand({
  path: ['metagraph'],
  summary: 'Show the neurons of a subnet and what the last settled epoch gave them',
  options: { ...networkOptions, netuid: netuidOption },
  examples: ['metagraph --netuid 1', 'metagraph --netuid 1 --json'],
  async run({ netuid, ...values }, context) {
    const client = await openNetwork(values, context)
    return client.metagraph(netuid, { signal: context.signal })
  },
  render({ subnet, block, epoch, lastSettled, neurons }, { terminal }) {
    const settled = lastSettled === undefined ? 'none settled' : `${lastSettled.epoch} settled`
    const head = `subnet ${subnet.netuid} "${subnet.name}", block ${block.number}, epoch ${epoch} (${settled})`
    return `${head}\n${renderTable(COLUMNS, neurons, terminal.columns)}`
  },
})
