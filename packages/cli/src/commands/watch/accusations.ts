import type { Accusation } from '@witan/chain'
import { defineCommand } from '../../command/command.js'
import { formatShare, formatTime, formatTokens } from '../../output/numbers.js'
import { type Column, renderTable } from '../../output/table.js'
import { networkOptions, openNetwork } from '../../settings/connection.js'

const BPS = 10_000

export const watchAccusations = defineCommand({
  path: ['watch', 'accusations'],
  summary: 'Show the accusations before the court, what one takes and what a fault costs',
  options: networkOptions,
  examples: ['watch accusations', 'watch accusations --json'],
  async run(values, context) {
    const client = await openNetwork(values, context)
    const { signal } = context
    const [terms, accusations, { timestamp }] = await Promise.all([
      client.court.terms({ signal }),
      client.court.accusations(1n, { signal }),
      client.latestBlock(signal),
    ])
    return { ...terms, now: timestamp, accusations }
  },
  render({ bond, slashBps, wait, now, accusations }, { terminal }) {
    const columns: readonly Column<Accusation>[] = [
      { title: 'ID', value: ({ accusationId }) => String(accusationId), align: 'right' },
      { title: 'NODE', value: ({ nodeId }) => String(nodeId), align: 'right' },
      { title: 'STATE', value: ({ state }) => state },
      { title: 'SLASH', value: (each) => formatShare(each.slashBps / BPS), align: 'right' },
      { title: 'ACCUSED', value: ({ accusedAt }) => formatTime(accusedAt) },
      { title: 'EXECUTABLE', value: (each) => executableOf(each, now) },
      { title: 'CHALLENGER', value: ({ challenger }) => challenger },
    ]
    const part = formatShare(slashBps / BPS)
    const terms = `an accusation takes a bond of ${formatTokens(bond)} tokens; ${wait} s later ${part} of the pool is slashed`
    const table = accusations.length === 0 ? 'no accusations' : renderTable(columns, accusations, terminal.columns)
    return `${terms}\n${table}`
  },
})

function executableOf({ state, executableAt }: Accusation, now: number): string {
  if (state !== 'open') return ''
  return executableAt <= now ? 'now' : formatTime(executableAt)
}
