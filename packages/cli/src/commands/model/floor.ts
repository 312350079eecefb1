import { ZERO_ADDRESS } from '@witan/protocol'
import { defineCommand } from '../../command/command.js'
import { option, toggle, usageError } from '../../command/option.js'
import { asAddress, asSeconds, asSignedInteger } from '../../command/parse.js'
import { openNetwork } from '../../settings/connection.js'
import { modelOption } from '../../settings/registered-model.js'
import { argumentsOf, renderSent, sendIntents, sendOptions } from '../../settings/sending.js'
import { proposeDecision, proposeOptions, renderDecision } from '../gov/proposing.js'

const NO_FLOOR = { feed: ZERO_ADDRESS, span: 0, least: 0n }

export const modelSetFloor = defineCommand({
  path: ['model', 'set-floor'],
  summary: 'Propose to the stakers what a feed must answer of a model, so that anybody may demote its live version',
  options: {
    ...proposeOptions,
    model: modelOption,
    feed: option.optional('--feed <address>', 'an AggregatorV3 feed of its quality', asAddress),
    least: option.optional(
      '--least <answer>',
      "the lowest answer that keeps it, in the feed's decimals",
      asSignedInteger,
    ),
    span: option.optional('--span <duration>', 'how long it must stay under it: 3d, at most 365d', asSeconds),
    none: toggle('--none', 'no floor any more'),
  },
  examples: [
    'model set-floor --model 1 --feed 0x5FbDB2315678afecb367f032d93F642f64180aa3 --least 9000 --span 3d --key owner',
    'model set-floor --model 1 --none --key owner',
  ],
  async run({ model: modelId, feed, least, span, none, ...values }, context) {
    const given = feed !== undefined && least !== undefined && span !== undefined ? { feed, span, least } : undefined
    const isAnyGiven = [feed, least, span].some((value) => value !== undefined)
    if (none ? isAnyGiven : given === undefined) throw usageError('Give --feed, --least and --span, or --none')
    const client = await openNetwork(values, context)
    const [{ name }, before] = await Promise.all([client.models.model(modelId), client.models.floorOf(modelId)])
    const floor = given ?? NO_FLOOR
    const title = `${none ? 'No floor' : `A floor of ${floor.least}`} for model ${modelId} (${name})`
    const args = { modelId, floor: { ...floor, least: String(floor.least) } }
    const decision = { title, calls: [{ contract: 'ModelRegistry', function: 'setFloor', args }] }
    return { modelId, before: before ?? null, floor, ...(await proposeDecision(client, decision, values, context)) }
  },
  render: ({ modelId, before, floor, ...proposed }) =>
    `${renderDecision(proposed)}\nmodel ${modelId}: floor ${before?.least ?? 'none'} → ${floor.span === 0 ? 'none' : floor.least}, once it is carried out`,
})

export const modelDemote = defineCommand({
  path: ['model', 'demote'],
  summary: 'Leave a model without a live version whose feed stayed under its floor; anybody may',
  options: { ...sendOptions, model: modelOption },
  examples: ['model demote --model 1 --key owner', 'model demote --model 1 --key owner --dry-run'],
  async run({ model: modelId, ...values }, context) {
    const client = await openNetwork(values, context)
    const sent = await sendIntents(client, [client.intents.demoteVersion(modelId)], values, context)
    const demoted = argumentsOf(sent, 'VersionDemoted')
    return { modelId, version: demoted?.version ?? null, answer: demoted?.answer ?? null, ...sent }
  },
  render: ({ modelId, version, answer, ...sent }) =>
    `${renderSent(sent)}\nmodel ${modelId}: version ${version ?? '-'} is live no more, its feed answers ${answer ?? '-'}`,
})
