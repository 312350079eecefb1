import { defineCommand } from '../../command/command.js'
import { option } from '../../command/option.js'
import { asInteger } from '../../command/parse.js'
import { openNetwork } from '../../settings/connection.js'
import { modelOption } from '../../settings/registered-model.js'
import { proposeDecision, proposeOptions, renderDecision } from '../gov/proposing.js'

export const modelActivate = defineCommand({
  path: ['model', 'activate'],
  summary: 'Propose to the stakers that a version of a model is the live one; the one before counts for a grace period',
  options: {
    ...proposeOptions,
    model: modelOption,
    version: option.required('--version <number>', 'the version', asInteger(1, 2 ** 32 - 1)),
  },
  examples: [
    'model activate --model 1 --version 2 --reason "it reads handwriting" --key owner',
    'model activate --model 1 --version 2 --out activate-model.json --key owner',
  ],
  async run({ model: modelId, version, ...values }, context) {
    const client = await openNetwork(values, context)
    const [{ name, live }, { manifest }] = await Promise.all([
      client.models.model(modelId),
      client.models.version(modelId, version),
    ])
    const decision = {
      title: `Activate version ${version} of model ${modelId} (${name}): ${manifest}`,
      calls: [{ contract: 'ModelRegistry', function: 'activate', args: { modelId, number: version } }],
    }
    const proposed = await proposeDecision(client, decision, values, context)
    return { modelId, version, manifest, live, ...proposed }
  },
  render: ({ modelId, version, manifest, live, ...proposed }) =>
    `${renderDecision(proposed)}\nmodel ${modelId}: version ${version} instead of ${live || 'none'}, once it is carried out`,
})
