import type { MetagraphNeuron } from '@witan/chain'
import { DEFAULT_PARAMETERS } from '@witan/protocol'
import t from 'tap'
import { sorted } from '../src/commands/metagraph.js'
import { renderCsv } from '../src/output/csv.js'
import { type MetagraphRow, metagraphColumns, toRows } from '../src/output/metagraph-columns.js'
import { formatDuration, formatTime } from '../src/output/numbers.js'

const NOW = 1_000_000

const neuron = (uid: number, fields: Partial<MetagraphNeuron> = {}): MetagraphNeuron => ({
  uid,
  nodeId: BigInt(uid + 1),
  registeredAt: NOW - 7_200,
  operator: `0x${'ab'.repeat(20)}`,
  owner: `0x${'cd'.repeat(20)}`,
  takeBps: 900,
  stake: 0n,
  record: undefined,
  hasPermit: false,
  lastUpdate: NOW - 60,
  commitments: [],
  consensus: 0,
  validatorTrust: 0,
  incentive: 0,
  dividends: 0,
  emission: 0n,
  stakersEmission: 0n,
  ...fields,
})

function rowsOf(neurons: readonly MetagraphNeuron[]): MetagraphRow[] {
  const subnet = { parameters: DEFAULT_PARAMETERS } as never
  return toRows({ neurons, subnet, block: { timestamp: NOW } as never })
}

const NEURONS = [
  neuron(0, { stake: 10n ** 20n, hasPermit: true, dividends: 1, lastUpdate: NOW - 14 * 4_320 - 1 }),
  neuron(1, { incentive: 0.25 }),
  neuron(2, { nodeId: 0n, operator: `0x${'00'.repeat(20)}` }),
  neuron(3, { incentive: 0.75, emission: 5n }),
]

t.test('what follows from the others and from the time', async (t) => {
  t.match(rowsOf(NEURONS), [
    { rank: undefined, isActive: false, isVacant: false, ageSeconds: 7_200 },
    { rank: 2, isActive: true, updatedSecondsAgo: 60 },
    { isVacant: true, isActive: false },
    { rank: 1 },
  ])
})

t.test('rows are sorted by what a column means, the vacant and those without a value last', async (t) => {
  const uids = (title: string, descending = false) => sorted(rowsOf(NEURONS), title, descending).map(({ uid }) => uid)
  t.strictSame(uids('UID'), [0, 1, 3, 2])
  t.strictSame(uids('UID', true), [3, 1, 0, 2])
  t.strictSame(uids('STAKE', true), [0, 1, 3, 2])
  t.strictSame(uids('RANK'), [3, 1, 0, 2])
  t.strictSame(uids('RANK', true), [1, 3, 0, 2])
  t.strictSame(uids('EMISSION', true), [3, 0, 1, 2], 'ties by uid')
  t.strictSame(uids('VPERMIT', true), [0, 1, 3, 2])
})

t.test('a column is written for people and for programs', async (t) => {
  const [row] = rowsOf(NEURONS)
  const columns = new Map(metagraphColumns(true).map((column) => [column.title, column]))
  const shown = (title: string) => [columns.get(title)?.value(row!), columns.get(title)?.raw(row!)]
  t.strictSame(shown('STAKE'), ['100', 10n ** 20n])
  t.strictSame(shown('VPERMIT'), ['*', true])
  t.strictSame(shown('TAKE'), ['9 %', 900])
  t.strictSame(shown('AGE'), ['2h', 7_200])
  t.strictSame(shown('OPERATOR'), ['0xabab…abab', `0x${'ab'.repeat(20)}`])
  t.strictSame(shown('RECORD'), ['-', ''])
  for (const { meaning, title } of columns.values()) t.not(meaning, '', title)
})

t.test('CSV as RFC 4180', async (t) => {
  t.equal(
    renderCsv(
      ['A', 'B,C'],
      [
        ['1', 'say "no"'],
        ['two\nlines', ''],
      ],
    ),
    'A,"B,C"\r\n1,"say ""no"""\r\n"two\nlines",\r\n',
  )
  t.equal(renderCsv(['A'], []), 'A\r\n')
})

t.test('durations and times', async (t) => {
  t.strictSame([0, 59, 60, 3_661, 90_000, 14 * 86_400, 1.9, -5].map(formatDuration), [
    '0s',
    '59s',
    '1m',
    '1h 1m',
    '1d 1h',
    '14d',
    '1s',
    '0s',
  ])
  t.equal(formatTime(0), '1970-01-01T00:00:00Z')
})
