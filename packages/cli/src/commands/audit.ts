import { type AuditReport, auditNetwork, type Difference } from '@witan/chain'
import { WitanError } from '@witan/protocol'
import { defineCommand } from '../command/command.js'
import { option } from '../command/option.js'
import { asInteger } from '../command/parse.js'
import { networkOptions, openNetwork } from '../settings/connection.js'

/** A line of the terminal holds no more; the report has all that were kept. */
const NAMED_DIFFERENCES = 3

export const audit = defineCommand({
  path: ['audit'],
  summary: 'Rebuild the whole state from events alone and compare it with what the contracts store',
  options: {
    ...networkOptions,
    block: option.optional('--block <number>', 'the block to compare at (default: the newest)', asInteger(0)),
  },
  examples: ['audit', 'audit --block 1200 --json'],
  async run({ block, ...values }, context) {
    const { signal, terminal } = context
    const client = await openNetwork(values, context)
    const onProgress = terminal.interactive
      ? (done: number, last: number) => terminal.note(`events read to block ${done} of ${last}`)
      : undefined
    const report = await auditNetwork(client, { block, signal, ...(onProgress && { onProgress }) })
    return { network: client.network.name, chainId: client.network.chainId, ...report }
  },
  render: ({ network, fromBlock, block, events, sections }) =>
    [
      `${network}: ${events} events of blocks ${fromBlock} to ${block}`,
      ...sections.map(({ section, compared, differing, differences }) =>
        [
          `${section.padEnd(12)}${String(compared).padStart(8)} compared  ${differing} different`,
          ...differences.map((difference) => `  ${lineOf(difference)}`),
        ].join('\n'),
      ),
    ].join('\n'),
  failure: mismatch,
})

function mismatch({ block, sections }: AuditReport): WitanError | undefined {
  const differing = sections.reduce((sum, section) => sum + section.differing, 0)
  if (differing === 0) return undefined
  const first = sections.flatMap(({ differences }) => differences).slice(0, NAMED_DIFFERENCES)
  return new WitanError('AUDIT_MISMATCH', 'The contracts store something else than their events give', {
    facts: { block, differing, first: first.map(lineOf).join('; ') },
  })
}

function lineOf({ contract, what, rebuilt, stored }: Difference): string {
  return `${contract}: ${what}: rebuilt ${rebuilt}, stored ${stored}`
}
