import type { Metagraph, MetagraphNeuron, StakePosition } from '@witan/chain'
import { formatTime, formatTokens, shorten } from '../../output/numbers.js'
import { type Column, renderTable } from '../../output/table.js'

const YEAR_SECONDS = 365 * 86_400

/** Nodes to stake on: those that vote, then those that have stake, each group the best paying first. */
export function validatorsOf(neurons: readonly MetagraphNeuron[]): MetagraphNeuron[] {
  return neurons
    .filter(({ nodeId, hasPermit, stake }) => nodeId > 0n && (hasPermit || stake > 0n))
    .sort((a, b) => Number(b.hasPermit) - Number(a.hasPermit) || returnOf(b) - returnOf(a) || a.uid - b.uid)
}

/** What the last settled epoch gave the stakers of a node for each token staked. */
export function returnOf({ stakersEmission, stake }: Pick<MetagraphNeuron, 'stakersEmission' | 'stake'>): number {
  return stake === 0n ? 0 : Number(stakersEmission) / Number(stake)
}

/** The head of a table and a line for each of its rows. */
export type Lines = readonly [head: string, ...rows: string[]]

/** What stands in front of a choice on the terminal. */
const MARGIN = 6

export function validatorLines(
  validators: readonly MetagraphNeuron[],
  { subnet }: Pick<Metagraph, 'subnet'>,
  width: number,
): Lines {
  const epochsPerYear = YEAR_SECONDS / subnet.parameters.epochLength
  return linesOf<MetagraphNeuron>(
    [
      { title: 'UID', value: ({ uid }) => String(uid), align: 'right' },
      { title: 'OPERATOR', value: ({ operator }) => shorten(operator) },
      { title: 'STAKE', value: ({ stake }) => formatTokens(stake, 2), align: 'right' },
      { title: 'TAKE', value: ({ takeBps }) => `${takeBps / 100} %`, align: 'right' },
      { title: 'PER EPOCH', value: (row) => percent(returnOf(row), 4), align: 'right' },
      // As if every epoch of a year paid what the last one did: pay changes with stake, votes and the schedule.
      { title: 'PER YEAR', value: (row) => percent(returnOf(row) * epochsPerYear, 1), align: 'right' },
      { title: 'VOTES', value: ({ hasPermit }) => (hasPermit ? '*' : '') },
    ],
    validators,
    width,
  )
}

export function positionLines(positions: readonly StakePosition[], now: number, width: number): Lines {
  return linesOf<StakePosition>(
    [
      { title: 'NODE', value: ({ nodeId }) => String(nodeId), align: 'right' },
      { title: 'WORTH', value: ({ assets }) => formatTokens(assets), align: 'right' },
      { title: 'MOVABLE', value: ({ movableAt }) => (movableAt <= now ? 'now' : formatTime(movableAt)) },
    ],
    positions,
    width,
  )
}

function linesOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[], width: number): Lines {
  const [head = '', ...lines] = renderTable(columns, rows, width - MARGIN).split('\n')
  return [head, ...lines]
}

const percent = (part: number, decimals: number) => `${(part * 100).toFixed(decimals)} %`
