import { defineCommand } from '../command/command.js'
import { option, toggle, usageError } from '../command/option.js'
import { renderCsv } from '../output/csv.js'
import { type MetagraphColumn, type MetagraphRow, metagraphColumns, toRows } from '../output/metagraph-columns.js'
import { renderTable } from '../output/table.js'
import { netuidOption, networkOptions, openNetwork } from '../settings/connection.js'

const TITLES = metagraphColumns(false).map(({ title }) => title)

/** A column by its title, in any case. */
function asColumn(text: string): string {
  const title = TITLES.find((candidate) => candidate === text.trim().toUpperCase())
  if (title === undefined) throw usageError(`${text} is not a column`, { known: TITLES.join(', ') })
  return title
}

const asColumns = (text: string): string[] => text.split(',').map(asColumn)

export const metagraph = defineCommand({
  path: ['metagraph'],
  summary: 'Show the neurons of a subnet and what the last settled epoch gave them',
  options: {
    ...networkOptions,
    netuid: netuidOption,
    columns: option.optional('--columns <titles>', 'only these columns, in this order: uid,stake,incentive', asColumns),
    sort: option.optional('--sort <title>', 'the column to sort by (default: UID)', asColumn),
    desc: toggle('--desc', 'the largest first'),
    csv: toggle('--csv', 'print RFC 4180 CSV: amounts in wei, durations in seconds, nothing rounded'),
  },
  examples: [
    'metagraph --netuid 1',
    'metagraph --netuid 1 --sort incentive --desc',
    'metagraph --columns uid,operator,emission --csv > metagraph.csv',
    'metagraph --netuid 1 --json',
  ],
  async run({ netuid, sort, desc, ...values }, context) {
    const client = await openNetwork(values, context)
    const { neurons, ...rest } = await client.metagraph(netuid, { signal: context.signal })
    const rows = toRows({ neurons, ...rest })
    return { ...rest, neurons: sorted(rows, sort ?? 'UID', desc) }
  },
  render({ subnet, block, epoch, lastSettled, neurons }, { terminal }, { columns: titles = TITLES, csv }) {
    const all = metagraphColumns(Number.isFinite(terminal.columns) && !csv)
    const columns = titles.map((title) => all.find((column) => column.title === title)!)
    if (csv)
      return renderCsv(
        titles,
        neurons.map((row) => columns.map(({ raw }) => String(raw(row)))),
      )
    const settled = lastSettled === undefined ? 'none settled' : `${lastSettled.epoch} settled`
    const head = `subnet ${subnet.netuid} "${subnet.name}", block ${block.number}, epoch ${epoch} (${settled})`
    return `${head}\n${renderTable(columns.map(orVacant), neurons, terminal.columns)}`
  },
})

/** Vacant slots go to the end, and so does what has no value in the column. */
export function sorted(rows: readonly MetagraphRow[], title: string, descending: boolean): MetagraphRow[] {
  const column = metagraphColumns(false).find((candidate) => candidate.title === title)!
  const key = column.order ?? column.raw
  return [...rows].sort((a, b) => {
    const missing = Number(a.isVacant) - Number(b.isVacant) || Number(isNothing(key(a))) - Number(isNothing(key(b)))
    return missing || (descending ? -1 : 1) * compare(key(a), key(b)) || a.uid - b.uid
  })
}

const isNothing = (value: unknown) => value === undefined || value === ''

function compare(a: unknown, b: unknown): number {
  if (a === b) return 0
  return (a as number) < (b as number) ? -1 : 1
}

/** A vacant slot has a number, and nothing else worth reading. */
function orVacant(column: MetagraphColumn): MetagraphColumn {
  const { title, value } = column
  if (title === 'UID') return column
  return { ...column, value: (row) => (row.isVacant ? (title === 'OPERATOR' ? 'vacant' : '-') : value(row)) }
}
