import { defineCommand } from '../../command/command.js'
import { option } from '../../command/option.js'
import { asInteger, asPercent, asText } from '../../command/parse.js'
import { openNetwork } from '../../settings/connection.js'
import { modelOption } from '../../settings/registered-model.js'
import { argumentsOf, renderSent, sendIntents, sendOptions } from '../../settings/sending.js'

const versionOption = option.required('--version <number>', 'the version', asInteger(1, 2 ** 32 - 1))
const forkShareOption = option.withDefault('--fork-share <percent>', 'what its forks pay, at most 50', asPercent, 0)

export const modelRetire = defineCommand({
  path: ['model', 'retire'],
  summary: 'Retire a version of an own model for good; retiring the live one leaves none, never an older one',
  options: { ...sendOptions, model: modelOption, version: versionOption },
  examples: [
    'model retire --model 1 --version 1 --key owner',
    'model retire --model 1 --version 1 --key owner --dry-run',
  ],
  async run({ model: modelId, version, ...values }, context) {
    const client = await openNetwork(values, context)
    const { live } = await client.models.model(modelId)
    const sent = await sendIntents(client, [client.intents.retireVersion(modelId, version)], values, context)
    return { modelId, version, wasLive: live === version, ...sent }
  },
  render: ({ modelId, version, wasLive, ...sent }) =>
    `${renderSent(sent)}\nmodel ${modelId}: version ${version} ${wasLive ? 'was live, so none is' : 'was not live'}`,
})

export const modelFork = defineCommand({
  path: ['model', 'fork'],
  summary: 'Register a new model that starts from a version of another, whose owner it pays the share fixed there',
  options: {
    ...sendOptions,
    model: modelOption,
    version: versionOption,
    name: option.required('--name <name>', 'of the new model, at most 31 bytes', asText),
    netuid: option.optional('--netuid <netuid>', 'its subnet (default: that of the model)', asInteger(1, 65_535)),
    forkShare: forkShareOption,
  },
  examples: ['model fork --model 1 --version 2 --name digits-fine --key maker'],
  async run({ model: parentModel, version: parentVersion, name, netuid, forkShare, ...values }, context) {
    const client = await openNetwork(values, context)
    const parent = await client.models.model(parentModel)
    const model = { name, netuid: netuid ?? parent.netuid, forkBps: forkShare }
    const intent = client.intents.forkModel({ modelId: parentModel, version: parentVersion }, model)
    const sent = await sendIntents(client, [intent], values, context)
    const forked = argumentsOf(sent, 'ModelForked')
    return { modelId: forked?.modelId ?? null, parentModel, parentVersion, parentBps: parent.forkBps, ...sent }
  },
  render: ({ modelId, parentModel, parentBps, ...sent }) =>
    `${renderSent(sent)}\nmodel ${modelId}: ${parentBps / 100} % of what it earns is model ${parentModel}'s`,
})

export const modelForkShare = defineCommand({
  path: ['model', 'fork-share'],
  summary: 'Set what forks made from now on pay an own model; those that exist keep theirs',
  options: {
    ...sendOptions,
    model: modelOption,
    percent: option.required('--percent <percent>', 'at most 50', asPercent),
  },
  examples: ['model fork-share --model 1 --percent 10 --key owner'],
  async run({ model: modelId, percent, ...values }, context) {
    const client = await openNetwork(values, context)
    const { forkBps: before } = await client.models.model(modelId)
    const sent = await sendIntents(client, [client.intents.setForkShare(modelId, percent)], values, context)
    return { modelId, before, forkBps: percent, ...sent }
  },
  render: ({ modelId, before, forkBps, ...sent }) =>
    `${renderSent(sent)}\nmodel ${modelId}: ${before / 100} % → ${forkBps / 100} %`,
})
