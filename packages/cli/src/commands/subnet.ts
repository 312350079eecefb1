import { findManifest } from '@witan/inference'
import {
  DEFAULT_PARAMETERS,
  MINIMAL_PARAMETERS,
  REPLAY_GROUND_TRUTH,
  type SubnetParameters,
  validateParameters,
} from '@witan/protocol'
import { defineCommand } from '../command/command.js'
import { option, repeated, toggle, usageError } from '../command/option.js'
import { asChoice, asSeconds, asText } from '../command/parse.js'
import { formatTokens, shorten } from '../output/numbers.js'
import { renderTable } from '../output/table.js'
import { netuidOption, networkOptions, openNetwork } from '../settings/connection.js'
import { modelFolders } from '../settings/models.js'
import { renderSent, senderAddress, sendIntents, sendOptions } from '../settings/sending.js'

const PRESETS = { default: DEFAULT_PARAMETERS, minimal: MINIMAL_PARAMETERS } as const

/** `name=value`, for parameters the presets do not suit. */
function asParameter(text: string): Partial<SubnetParameters> {
  const [name = '', value = ''] = text.split('=')
  const preset = (DEFAULT_PARAMETERS as unknown as Record<string, number | bigint | boolean>)[name]
  if (preset === undefined)
    throw usageError(`${name} is not a parameter`, { known: Object.keys(DEFAULT_PARAMETERS).join(', ') })
  if (!/^\d+$/.test(value)) throw usageError(`${text} is not of the form name=whole number`)
  if (typeof preset !== 'boolean') return { [name]: typeof preset === 'bigint' ? BigInt(value) : Number(value) }
  if (value !== '0' && value !== '1') throw usageError(`${text} is not of the form name=0 or name=1`)
  return { [name]: value === '1' }
}

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
    set: repeated('--set <name=value>', 'another value for one parameter', asParameter),
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
    const created = sent.calls.flatMap(({ events }) => events).find((event) => event.name === 'SubnetCreated')
    return { netuid: created?.name === 'SubnetCreated' ? created.args.netuid : undefined, priceWei, ...sent }
  },
  render: ({ netuid, priceWei, ...sent }) =>
    `${renderSent(sent)}\nsubnet ${netuid}, ${formatTokens(priceWei)} tokens burned`,
})

export const subnetList = defineCommand({
  path: ['subnet', 'list'],
  summary: 'List the subnets',
  options: networkOptions,
  examples: ['subnet list --json'],
  async run(values, context) {
    const client = await openNetwork(values, context)
    const count = await client.subnets.count()
    return Promise.all(Array.from({ length: count }, (_, index) => client.subnets.subnet(index + 1)))
  },
  render: (subnets, { terminal }) =>
    renderTable(
      [
        { title: 'NETUID', value: ({ netuid }) => String(netuid), align: 'right' },
        { title: 'NAME', value: ({ name }) => name },
        {
          title: 'NEURONS',
          value: ({ neuronCount, parameters }) => `${neuronCount}/${parameters.maxUids}`,
          align: 'right',
        },
        { title: 'EPOCH', value: ({ parameters }) => `${parameters.epochLength} s`, align: 'right' },
        { title: 'OWNER', value: ({ owner }) => owner },
        { title: 'MODELS', value: ({ modelVersions }) => modelVersions.map(shorten).join(' ') },
      ],
      subnets,
      terminal.columns,
    ),
})

export const subnetShow = defineCommand({
  path: ['subnet', 'show'],
  summary: 'Show a subnet: parameters, models, price to register',
  options: { ...networkOptions, netuid: netuidOption },
  examples: ['subnet show --netuid 1'],
  async run({ netuid, ...values }, context) {
    const client = await openNetwork(values, context)
    const [subnet, registrationPrice, supply] = await Promise.all([
      client.subnets.subnet(netuid),
      client.subnets.registrationPrice(netuid),
      client.money.supply(netuid),
    ])
    return { ...subnet, registrationPrice, supply }
  },
  render({ parameters, supply, registrationPrice, modelVersions, ...subnet }) {
    const facts = {
      netuid: subnet.netuid,
      name: subnet.name,
      owner: subnet.owner,
      neurons: `${subnet.neuronCount} of ${parameters.maxUids}`,
      models: modelVersions.join(', '),
      'price to register': `${formatTokens(registrationPrice, 6)} tokens`,
      ...parameters,
      ...Object.fromEntries(
        Object.entries(supply).map(([name, wei]) => [`supply ${name}`, `${formatTokens(wei)} tokens`]),
      ),
    }
    return Object.entries(facts)
      .map(([name, value]) => `${name.padEnd(20)}${value}`)
      .join('\n')
  },
})
