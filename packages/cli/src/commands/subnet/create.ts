import { findManifest } from '@witan/inference'
import {
  DEFAULT_PARAMETERS,
  MINIMAL_PARAMETERS,
  REPLAY_GROUND_TRUTH,
  type SubnetParameters,
  validateParameters,
} from '@witan/protocol'
import { defineCommand } from '../../command/command.js'
import { option, repeated, toggle, usageError } from '../../command/option.js'
import { asChoice, asSeconds, asText } from '../../command/parse.js'
import { formatTokens } from '../../output/numbers.js'
import { openNetwork } from '../../settings/connection.js'
import { modelFolders } from '../../settings/models.js'
import { asParameter } from '../../settings/parameters.js'
import { argumentsOf, renderSent, senderAddress, sendIntents, sendOptions } from '../../settings/sending.js'

const PRESETS = { default: DEFAULT_PARAMETERS, minimal: MINIMAL_PARAMETERS } as const

export const subnetCreate = defineCommand({
  path: ['subnet', 'create'],
  summary: 'Create a subnet: a price is burned, a lock comes back when it is dissolved',
  options: {
    ...sendOptions,
    name: option.required('--name <name>', 'name of the subnet', asText),
    model: repeated('--model <name>', 'a model it rewards: name or version', asText),
    preset: option.withDefault(
      '--preset <preset>',
      'default or minimal (epochs of seconds)',
      asChoice('default', 'minimal'),
      'default',
    ),
    consortium: toggle('--consortium', 'only members may register; the members vote on each other'),
    epoch: option.optional('--epoch <duration>', 'length of an epoch; a quarter of it is for reveals', asSeconds),
    set: repeated('--set <name=value>', 'another value for one parameter; amounts in wei', asParameter),
  },
  examples: ['subnet create --name reading --model ppocr-v4-rec --key owner'],
  async run({ name, model, preset, consortium, epoch, set, ...values }, context) {
    if (model.length === 0) throw usageError('A subnet needs at least one --model')
    const client = await openNetwork(values, context)
    const manifests = await Promise.all(model.map((each) => findManifest(each, modelFolders(context))))
    const lengths = epoch === undefined ? {} : { epochLength: epoch, revealWindow: Math.floor(epoch / 4) }
    const parameters: SubnetParameters = Object.assign({}, PRESETS[preset], lengths, ...set)
    const minEpochLength = await client.contracts.subnets.read('minEpochLength', [])
    validateParameters(parameters, { minEpochLength })
    const owner = await senderAddress(values, context)
    const [priceWei, { lock }] = await Promise.all([
      client.subnets.creationPrice(),
      client.contracts.subnets.read('creationTerms', []),
    ])
    const amountWei = priceWei + lock
    const intents = [
      ...(await client.approvals({ owner, spender: 'subnets', amountWei })),
      client.intents.createSubnet({
        parameters,
        mechanism: REPLAY_GROUND_TRUTH,
        modelVersions: manifests.map(({ version }) => version),
        name,
        isConsortium: consortium,
        maxPrice: priceWei,
      }),
    ]
    const sent = await sendIntents(client, intents, values, context)
    const isListed = argumentsOf(sent, 'SubnetActivated') !== undefined
    return { netuid: argumentsOf(sent, 'SubnetCreated')?.netuid, priceWei, lockWei: lock, isListed, ...sent }
  },
  render({ netuid, priceWei, lockWei, isListed, ...sent }) {
    const lock = lockWei === 0n ? '' : `, ${formatTokens(lockWei)} locked`
    const listed = isListed ? '' : '\nit earns once the stakers list it: `witan gov propose`'
    return `${renderSent(sent)}\nsubnet ${netuid}, ${formatTokens(priceWei)} tokens burned${lock}${listed}`
  },
})
