import { resolve } from 'node:path'
import { forkDecisions, openFork, writeFileAtomic } from '@witan/chain'
import { defineCommand } from '../../command/command.js'
import { option } from '../../command/option.js'
import { asText } from '../../command/parse.js'
import { networkOptions, openNetwork } from '../../settings/connection.js'
import { exportOption, readExport } from '../../settings/fork-export.js'

/** As many as a proposal holds. */
const MAX_CALLS = 32

export const forkProposal = defineCommand({
  path: ['fork', 'proposal'],
  summary: 'Write a proposal for a fork: the listings, policies and live versions that its items had before',
  options: {
    ...networkOptions,
    export: exportOption,
    out: option.required('--out <file>', 'the proposal, for `gov propose --file`', asText),
  },
  examples: ['fork proposal --export network-120000.json --out as-it-was.json'],
  async run({ export: file, out, ...values }, context) {
    const body = readExport(file, context)
    const client = await openNetwork(values, context)
    await openFork(client, body)
    const all = await forkDecisions(client, body)
    const calls = all.slice(0, MAX_CALLS)
    const path = resolve(context.directory, out)
    const { block, chainId } = body.source
    const description = `As it was\n\nListings, policies and live versions of chain ${chainId} at block ${block}.`
    if (calls.length > 0) {
      const text = `${JSON.stringify({ description, calls }, undefined, 2)}\n`
      await writeFileAtomic(path, text, { mode: 0o644, overwrite: true })
    }
    return { path: calls.length > 0 ? path : null, calls, left: all.length - calls.length }
  },
  render: ({ path, calls, left }) =>
    path === null
      ? 'nothing to decide: all that was made again is as it was'
      : [
          ...calls.map(({ contract, function: name, args }) => `${contract}.${name}(${[...(args as [])].join(', ')})`),
          `${calls.length} calls in ${path}${left === 0 ? '' : `; ${left} more once these are decided`}`,
        ].join('\n'),
})
