import { type ForkKind, openFork } from '@witan/chain'
import { defineCommand } from '../../command/command.js'
import { option, usageError } from '../../command/option.js'
import { asBigInteger } from '../../command/parse.js'
import { openNetwork } from '../../settings/connection.js'
import { exportOption, readExport } from '../../settings/fork-export.js'
import { renderSent, sendIntents, sendOptions } from '../../settings/sending.js'

export const forkAdopt = defineCommand({
  path: ['fork', 'adopt'],
  summary: 'Record that your subnet, model or data set of a fork is the exported one: same owner, same content',
  options: {
    ...sendOptions,
    export: exportOption,
    kind: option.required('--kind <subnet|model|dataset>', 'what it is', asKind),
    id: option.required('--id <number>', 'its number in the exported network', asBigInteger),
    successor: option.required('--as <number>', 'its number in the fork', asBigInteger),
  },
  examples: ['fork adopt --export network-120000.json --kind model --id 7 --as 2 --key owner'],
  async run({ export: file, kind, id, successor, ...values }, context) {
    const body = readExport(file, context)
    const client = await openNetwork(values, context)
    const fork = await openFork(client, body)
    const intent = fork.intents.adopt(kind, Number(id), successor)
    return { kind, id, successor, ...(await sendIntents(client, [intent], values, context)) }
  },
  render: (sent) => renderSent(sent),
})

export const forkSweep = defineCommand({
  path: ['fork', 'sweep'],
  summary: 'Give the treasury of a fork what nobody claimed in a year; anybody may',
  options: { ...sendOptions, export: exportOption },
  examples: ['fork sweep --export network-120000.json --key owner --dry-run'],
  async run({ export: file, ...values }, context) {
    const body = readExport(file, context)
    const client = await openNetwork(values, context)
    const fork = await openFork(client, body)
    return sendIntents(client, [fork.intents.sweep()], values, context)
  },
  render: (sent) => renderSent(sent),
})

function asKind(text: string): ForkKind {
  if (text === 'subnet' || text === 'model' || text === 'dataset') return text
  throw usageError(`${text} is none of subnet, model and dataset`)
}
