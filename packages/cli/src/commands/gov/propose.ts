import { resolve } from 'node:path'
import { loadConfiguration, z } from '@witan/runtime'
import { defineCommand } from '../../command/command.js'
import { option, toggle } from '../../command/option.js'
import { asText } from '../../command/parse.js'
import { openNetwork } from '../../settings/connection.js'
import { openDialogue } from '../../settings/dialogue.js'
import { sendOptions } from '../../settings/sending.js'
import { askForProposal } from './propose-wizard.js'
import { propose, renderProposed } from './proposing.js'

const MAX_CALLS = 32
const MAX_DESCRIPTION = 20_000

/** What `--file` holds. */
const proposalFileSchema = z.strictObject({
  /** Its first line is the title. */
  description: z.string().min(1).max(MAX_DESCRIPTION),
  calls: z
    .array(
      z.strictObject({
        contract: z.string(),
        function: z.string(),
        args: z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]).default([]),
      }),
    )
    .min(1)
    .max(MAX_CALLS),
})

export const govPropose = defineCommand({
  path: ['gov', 'propose'],
  summary: 'Propose calls to the stakers: those that a file names, or in a terminal those that it asks for',
  options: {
    ...sendOptions,
    file: option.optional('--file <file>', 'YAML or JSON: description and calls', asText),
    unchecked: toggle('--unchecked', 'propose even what would fail if it were executed now'),
  },
  examples: [
    'gov propose --file list-subnet.yaml --key owner --dry-run',
    'gov propose --file list-subnet.yaml --key owner',
    'gov propose --key owner',
  ],
  async run({ file, ...values }, context) {
    const dialogue = file === undefined ? openDialogue(context, '--file, which names the calls') : undefined
    const proposal = file === undefined ? undefined : readProposal(resolve(context.directory, file))
    const client = await openNetwork(values, context)
    return propose(client, proposal ?? (await askForProposal(client, dialogue!, MAX_CALLS)), values, context)
  },
  render: renderProposed,
})

const readProposal = (file: string) => loadConfiguration({ schema: proposalFileSchema, file }).values
