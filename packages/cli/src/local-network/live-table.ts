import { formatShare, formatTokens } from '../output/numbers.js'
import { type Column, renderTable } from '../output/table.js'
import type { LocalNetworkReport, ObservedNeuron } from './observation.js'

const COLUMNS: readonly Column<ObservedNeuron>[] = [
  { title: 'UID', value: ({ uid }) => String(uid), align: 'right' },
  { title: 'ROLE', value: ({ role }) => role },
  { title: 'BEHAVIOUR', value: ({ behaviour }) => behaviour },
  { title: 'INCENTIVE', value: ({ incentive }) => formatShare(incentive), align: 'right' },
  { title: 'DIVIDENDS', value: ({ dividends }) => formatShare(dividends), align: 'right' },
  { title: 'VTRUST', value: ({ validatorTrust }) => validatorTrust.toFixed(3), align: 'right' },
  { title: 'EMISSION', value: ({ emission }) => formatTokens(emission), align: 'right' },
  { title: 'STAKE', value: ({ stake }) => formatTokens(stake, 2), align: 'right' },
  { title: 'REQUESTS', value: ({ requests }) => String(requests), align: 'right' },
  { title: 'FAILURES', value: ({ failures }) => String(failures), align: 'right' },
]

/** The network as a person watches it. */
export function renderNetwork(report: LocalNetworkReport, width: number): string {
  const { epochs, neurons, supply, receiptsVerified, errors } = report
  const last = epochs.at(-1)
  const settled =
    last === undefined
      ? 'no epoch settled yet'
      : `epoch ${last.epoch} settled in block ${last.settledAtBlock} for ${last.gasUsed} gas, emission ${formatTokens(last.emission)}`
  return [
    `network ${report.network} (chain ${report.chainId}): ${settled}`,
    '',
    renderTable(COLUMNS, neurons, width),
    '',
    `scheduled ${formatTokens(supply.scheduled)}  minted ${formatTokens(supply.minted)}  claimable ${formatTokens(supply.claimable)}  pooled ${formatTokens(supply.pooled)}  not minted ${formatTokens(supply.notMinted)}  carried ${formatTokens(supply.carried)}`,
    `receipts verified ${receiptsVerified}, errors ${errors.length}${errors.length === 0 ? '' : ` (last: ${errors.at(-1)?.code})`}`,
  ].join('\n')
}
