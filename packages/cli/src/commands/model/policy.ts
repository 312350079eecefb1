import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { writeFileAtomic } from '@witan/chain'
import { ZERO_DIGEST } from '@witan/protocol'
import { defineCommand } from '../../command/command.js'
import { option } from '../../command/option.js'
import { asText } from '../../command/parse.js'
import { openNetwork } from '../../settings/connection.js'
import { chosenPolicy, policyOptions, policyText, readPolicy } from '../../settings/policies.js'
import { modelOption } from '../../settings/registered-model.js'
import { proposeDecision, proposeOptions, renderDecision } from '../gov/proposing.js'

const DOCUMENT_MODE = 0o644

export const modelPolicy = defineCommand({
  path: ['model', 'policy'],
  summary: 'Check a policy file, tell the digest that is its name, and write the document that nodes look up by it',
  options: {
    file: option.required('--file <file>', 'the policy, YAML or JSON', asText),
    out: option.optional('--out <folder>', 'write the document there as <digest>.json', asText),
  },
  examples: ['model policy --file policy.yaml', 'model policy --file policy.yaml --out policies --json'],
  async run({ file, out }, context) {
    const { digest, policy, document } = readPolicy(file, context)
    if (out === undefined) return { digest, policy, document, written: null }
    const folder = resolve(context.directory, out)
    await mkdir(folder, { recursive: true })
    const written = join(folder, `${digest}.json`)
    await writeFileAtomic(written, document, { mode: DOCUMENT_MODE, overwrite: true })
    return { digest, policy, document, written }
  },
  render: ({ digest, document, written }) => [digest, document, ...(written === null ? [] : [written])].join('\n'),
})

export const modelSetPolicy = defineCommand({
  path: ['model', 'set-policy'],
  summary: 'Propose to the stakers a policy for a model, which counts before that of its subnet',
  options: {
    ...proposeOptions,
    model: modelOption,
    ...policyOptions,
  },
  examples: [
    'model set-policy --model 1 --file policy.yaml --key owner',
    'model set-policy --model 1 --none --key owner --dry-run',
  ],
  async run({ model: modelId, file, none, ...values }, context) {
    const policy = chosenPolicy(file, none, context)
    const client = await openNetwork(values, context)
    const { name, policy: before } = await client.models.model(modelId)
    const decision = {
      title: none ? `No own policy for model ${modelId} (${name})` : `Policy ${policy} for model ${modelId} (${name})`,
      calls: [{ contract: 'ModelRegistry', function: 'setModelPolicy', args: { modelId, policy } }],
    }
    return { modelId, before, policy, ...(await proposeDecision(client, decision, values, context)) }
  },
  render: ({ modelId, before, policy, ...proposed }) =>
    `${renderDecision(proposed)}\nmodel ${modelId}: ${policyText(before)} → ${policy === ZERO_DIGEST ? "its subnet's" : policyText(policy)}, once it is carried out`,
})
