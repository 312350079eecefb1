import type { Metagraph, MetagraphNeuron } from '@witan/chain'
import { formatDuration, formatShare, formatTokens, shorten } from './numbers.js'
import type { Column } from './table.js'

/** A neuron with what follows from the others and from the time. */
export interface MetagraphRow extends MetagraphNeuron {
  readonly isVacant: boolean
  /** Place by incentive, from 1; undefined where there is none. */
  readonly rank: number | undefined
  /** Seconds since the last vote, or the registration. */
  readonly updatedSecondsAgo: number
  /** Whether it voted recently enough for its stake to count. */
  readonly isActive: boolean
  readonly ageSeconds: number
}

export interface MetagraphColumn extends Column<MetagraphRow> {
  /** For programs: not rounded, no unit. */
  readonly raw: (row: MetagraphRow) => string | number | bigint | boolean
  /** Where it is not the order of `raw`; undefined goes last. */
  readonly order?: (row: MetagraphRow) => number | undefined
  readonly meaning: string
}

const NO_NODE = 0n

export function toRows({ neurons, subnet, block }: Pick<Metagraph, 'neurons' | 'subnet' | 'block'>): MetagraphRow[] {
  const cutoff = subnet.parameters.activityCutoff * subnet.parameters.epochLength
  const ranked = neurons.filter(({ incentive }) => incentive > 0).sort((a, b) => b.incentive - a.incentive)
  const ranks = new Map(ranked.map(({ uid }, index) => [uid, index + 1]))
  return neurons.map((neuron) => {
    const isVacant = neuron.nodeId === NO_NODE
    const updatedSecondsAgo = Math.max(0, block.timestamp - neuron.lastUpdate)
    return {
      ...neuron,
      isVacant,
      rank: ranks.get(neuron.uid),
      updatedSecondsAgo,
      isActive: !isVacant && updatedSecondsAgo <= cutoff,
      ageSeconds: Math.max(0, block.timestamp - neuron.registeredAt),
    }
  })
}

/** Columns as users of the field know them; addresses are cut where there is a terminal to fit in. */
export function metagraphColumns(isNarrow: boolean): readonly MetagraphColumn[] {
  const address = (text: string) => (isNarrow ? shorten(text) : text)
  const right = 'right' as const
  return [
    { title: 'UID', raw: ({ uid }) => uid, value: ({ uid }) => String(uid), align: right, meaning: 'slot' },
    tokens('STAKE', ({ stake }) => stake, 2, "unlocked stake of the node's pool"),
    {
      title: 'RANK',
      raw: ({ rank }) => rank ?? '',
      order: ({ rank }) => rank,
      value: ({ rank }) => (rank === undefined ? '-' : String(rank)),
      align: right,
      meaning: 'place by incentive',
    },
    share('CONSENSUS', ({ consensus }) => consensus, 'weight that the majority of stake stands behind'),
    share('INCENTIVE', ({ incentive }) => incentive, "part of the miners' pay"),
    share('DIVIDENDS', ({ dividends }) => dividends, "part of the validators' pay"),
    tokens('EMISSION', ({ emission }) => emission, 6, 'what the last settled epoch gave the slot'),
    {
      title: 'VTRUST',
      raw: ({ validatorTrust }) => validatorTrust,
      value: ({ validatorTrust }) => validatorTrust.toFixed(3),
      align: right,
      meaning: 'part of its votes that consensus followed',
    },
    {
      title: 'VPERMIT',
      raw: ({ hasPermit }) => hasPermit,
      value: ({ hasPermit }) => (hasPermit ? '*' : ''),
      meaning: 'may vote',
    },
    {
      title: 'UPDATED',
      raw: ({ updatedSecondsAgo }) => updatedSecondsAgo,
      value: ({ updatedSecondsAgo }) => formatDuration(updatedSecondsAgo),
      align: right,
      meaning: 'time since the last vote or the registration',
    },
    {
      title: 'ACTIVE',
      raw: ({ isActive }) => isActive,
      value: ({ isActive }) => (isActive ? 'yes' : 'no'),
      meaning: 'voted recently enough for its stake to count',
    },
    {
      title: 'RECORD',
      raw: ({ record }) => record?.seq ?? '',
      value: ({ record }) => (record === undefined ? '-' : `#${record.seq}`),
      meaning: 'address record on chain: where the peer can be reached',
    },
    {
      title: 'OPERATOR',
      raw: ({ operator }) => operator,
      value: ({ operator }) => address(operator),
      meaning: 'hotkey',
    },
    { title: 'OWNER', raw: ({ owner }) => owner, value: ({ owner }) => address(owner), meaning: 'coldkey' },
    {
      title: 'TAKE',
      raw: ({ takeBps }) => takeBps,
      value: ({ takeBps }) => `${takeBps / 100} %`,
      align: right,
      meaning: "the owner's part of what the votes earn",
    },
    {
      title: 'AGE',
      raw: ({ ageSeconds }) => ageSeconds,
      value: ({ ageSeconds }) => formatDuration(ageSeconds),
      align: right,
      meaning: 'time since the registration',
    },
  ]
}

type Of<T> = (row: MetagraphRow) => T

function tokens(title: string, of: Of<bigint>, decimals: number, meaning: string): MetagraphColumn {
  return { title, raw: of, value: (row) => formatTokens(of(row), decimals), align: 'right', meaning }
}

function share(title: string, of: Of<number>, meaning: string): MetagraphColumn {
  return { title, raw: of, value: (row) => formatShare(of(row)), align: 'right', meaning }
}
