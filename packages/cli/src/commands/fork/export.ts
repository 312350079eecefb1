import { resolve } from 'node:path'
import { exportDigest, exportNetwork, exportText, writeFileAtomic } from '@witan/chain'
import { defineCommand } from '../../command/command.js'
import { option } from '../../command/option.js'
import { asInteger, asText } from '../../command/parse.js'
import { formatTokens } from '../../output/numbers.js'
import { networkOptions, openNetwork } from '../../settings/connection.js'

export const forkExport = defineCommand({
  path: ['fork', 'export'],
  summary: 'Write the state of the network at a block, as a fork takes it over; the same block gives the same bytes',
  options: {
    ...networkOptions,
    block: option.required('--block <number>', 'the block; the endpoint must have its state', asInteger(0)),
    out: option.required('--out <file>', 'where it is written', asText),
  },
  examples: ['fork export --block 120000 --out network-120000.json'],
  async run({ block, out, ...values }, context) {
    const { signal, terminal, directory } = context
    const client = await openNetwork(values, context)
    const onProgress = terminal.interactive
      ? (done: number, last: number) => terminal.note(`events read to block ${done} of ${last}`)
      : undefined
    const body = await exportNetwork(client, { block, signal, ...(onProgress && { onProgress }) })
    const path = resolve(directory, out)
    await writeFileAtomic(path, exportText(body), { mode: 0o644, overwrite: true })
    const { source, supply, holders, nodes, subnets, models, dataSets } = body
    const counts = { holders, nodes, subnets, models, dataSets }
    return {
      path,
      digest: exportDigest(body),
      block: source.block,
      supply,
      ...Object.fromEntries(Object.entries(counts).map(([name, items]) => [name, items.length])),
    }
  },
  render: ({ path, digest, block, supply: { issued, unclaimed, treasury, forfeited }, ...counts }) =>
    [
      `block ${block} in ${path}`,
      `digest  ${digest}`,
      `${formatTokens(issued)} tokens, ${formatTokens(unclaimed)} earned and not minted; of these ${formatTokens(treasury)} the treasury's, ${formatTokens(forfeited)} slashed`,
      Object.entries(counts)
        .map(([name, count]) => `${count} ${name}`)
        .join(', '),
    ].join('\n'),
})
