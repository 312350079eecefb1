import { dirname, resolve } from 'node:path'
import { findManifest, loadManifest, weightsDigest } from '@witan/inference'
import { keccak256Hex } from '@witan/protocol'
import { defineCommand } from '../../command/command.js'
import type { CommandContext } from '../../command/context.js'
import { option, repeated, usageError } from '../../command/option.js'
import { asBigInteger, asBytes32, asInteger, asPercent, asSetVersions, asText } from '../../command/parse.js'
import { openNetwork } from '../../settings/connection.js'
import { createAndGoOn } from '../../settings/creation.js'
import { modelFolders } from '../../settings/models.js'
import { argumentsOf, renderSent, type Sent, sendIntents, sendOptions } from '../../settings/sending.js'
import { evaluationBeside } from './evaluation.js'

export const modelPublish = defineCommand({
  path: ['model', 'publish'],
  summary: 'Register a version of a model with its digests and the exact data set versions it was trained on',
  options: {
    ...sendOptions,
    manifest: option.required('--manifest <name>', 'name, version or file of its manifest', asText),
    model: option.optional('--model <number>', 'the registered model; a new one when absent', asBigInteger),
    netuid: option.optional('--netuid <netuid>', 'of a new model: its subnet', asInteger(1, 65_535)),
    forkShare: option.withDefault('--fork-share <percent>', 'of a new model: what forks pay, at most 50', asPercent, 0),
    trainedOn: repeated('--trained-on <set=versions>', 'a data set and its versions: 1=1,3', asSetVersions),
    evaluation: option.optional(
      '--evaluation <digest>',
      'digest of the evaluation (default: that of training/evaluation.json beside the manifest)',
      asBytes32,
    ),
    parent: option.withDefault('--parent <version>', 'the version it was trained from', asInteger(1, 2 ** 32 - 1), 0),
  },
  examples: [
    'model publish --manifest ppocr-v4-rec --netuid 1 --key owner',
    'model publish --manifest digits.json --model 1 --trained-on 1=2,3 --key owner',
  ],
  async run({ manifest: named, model, netuid, forkShare, trainedOn, evaluation, parent, ...values }, context) {
    if (model === undefined && netuid === undefined) throw usageError('A new model needs --netuid')
    const { manifest, version: digest, path } = await manifestOf(named, context)
    const client = await openNetwork(values, context)
    const terms = {
      manifest: digest,
      weights: weightsDigest(manifest),
      evaluation: evaluation ?? (await evaluationBeside(dirname(path))),
      licence: keccak256Hex(Buffer.from(manifest.licence)),
      parent,
      trainedOn: [...trainedOn].sort((a, b) => (a.setId < b.setId ? -1 : 1)),
    }
    const publish = (id: bigint) => client.intents.publishVersion(id, terms)
    const creation = {
      create: client.intents.createModel({
        name: manifest.name.slice(0, 31),
        netuid: netuid ?? 0,
        forkBps: forkShare,
      }),
      count: () => client.models.count(),
      numberIn: (created: Sent) => argumentsOf(created, 'ModelCreated')!.modelId,
      next: publish,
    }
    const { number: modelId, ...sent } =
      model === undefined
        ? await createAndGoOn(client, creation, values, context)
        : { number: model, ...(await sendIntents(client, [publish(model)], values, context)) }
    return { modelId, version: argumentsOf(sent, 'VersionPublished')?.version, terms, ...sent }
  },
  render: ({ modelId, version, terms, ...sent }) =>
    `${renderSent(sent)}\nmodel ${modelId}: version ${version} is ${terms.manifest}; the stakers decide when it is live`,
})

function manifestOf(named: string, context: CommandContext) {
  if (named.endsWith('.json')) return loadManifest(resolve(context.directory, named))
  return findManifest(named, modelFolders(context))
}
