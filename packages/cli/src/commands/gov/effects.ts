import type { ChainEvent } from '@witan/chain'
import { toJson } from '../../output/json.js'
import { formatTime, formatTokens } from '../../output/numbers.js'
import { policyText } from '../../settings/policies.js'
import { floorText } from '../../settings/registered-model.js'

/** What a contract told, for programs and for people. */
export interface Effect {
  readonly contract: string
  readonly event: string
  readonly args: object
  readonly what: string
}

export function effectOf(event: ChainEvent): Effect {
  return { contract: event.contract, event: event.name, args: event.args, what: sentenceOf(event) }
}

function sentenceOf(event: ChainEvent): string {
  switch (event.name) {
    case 'VersionActivated': {
      const { modelId, version, previous, graceEndsAt } = event.args
      const grace = previous === 0 ? '' : `; version ${previous} counts until ${formatTime(graceEndsAt)}`
      return `version ${version} of model ${modelId} is live${grace}`
    }
    case 'VersionRetired':
      return `version ${event.args.version} of model ${event.args.modelId} is retired`
    case 'VersionDemoted': {
      const { modelId, version, answer } = event.args
      return `version ${version} of model ${modelId} is demoted: its feed answered ${answer}, under the floor for too long`
    }
    case 'FloorSet': {
      const { modelId, ...floor } = event.args
      return floor.span === 0 ? `model ${modelId} has no floor` : `of model ${modelId}, ${floorText(floor)}`
    }
    case 'ModelPolicySet':
      return `model ${event.args.modelId} has ${policyText(event.args.policy)} of its own`
    case 'SubnetPolicySet':
      return `subnet ${event.args.netuid} has ${policyText(event.args.policy)}`
    case 'Listed':
      return `data set ${event.args.setId} is ${event.args.listed ? 'listed' : 'delisted'}`
    case 'SubnetActivated':
      return `subnet ${event.args.netuid} earns from ${formatTime(event.args.since)} on`
    case 'SubnetDeactivated':
      return `subnet ${event.args.netuid} earns nothing from ${formatTime(event.args.since)} on`
    case 'MaxShareSet':
      return `no subnet earns more than ${event.args.maxShareBps / 100} %, from ${formatTime(event.args.since)} on`
    case 'BountyCapSet':
      return `a bounty is at most ${formatTokens(event.args.bountyCap)} tokens, from ${formatTime(event.args.since)} on`
    default:
      return `${event.contract}.${event.name}(${toJson(event.args).replaceAll(/\s*\n\s*/g, ' ')})`
  }
}
