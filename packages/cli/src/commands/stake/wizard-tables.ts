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

export function renderValidators(
  validators: readonly MetagraphNeuron[],
  { subnet }: Pick<Metagraph, 'subnet'>,
  width: number,
): string {
  const epochsPerYear = YEAR_SECONDS / subnet.parameters.epochLength
  return renderNumbered<MetagraphNeuron>(
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

export function renderPositions(positions: readonly StakePosition[], now: number, width: number): string {
  return renderNumbered<StakePosition>(
    [
      { title: 'NODE', value: ({ nodeId }) => String(nodeId), align: 'right' },
      { title: 'WORTH', value: ({ assets }) => formatTokens(assets), align: 'right' },
      { title: 'MOVABLE', value: ({ movableAt }) => (movableAt <= now ? 'now' : formatTime(movableAt)) },
    ],
    positions,
    width,
  )
}

/** A table whose rows are chosen by number. */
function renderNumbered<Row>(columns: readonly Column<Row>[], rows: readonly Row[], width: number): string {
  const numbers = new Map(rows.map((row, index) => [row, index + 1]))
  return renderTable<Row>(
    [{ title: '', value: (row) => String(numbers.get(row)), align: 'right' }, ...columns],
    rows,
    width,
  )
}

const percent = (part: number, decimals: number) => `${(part * 100).toFixed(decimals)} %`
