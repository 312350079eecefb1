import { type ParameterName, type SubnetParameters, validateParameters } from '@witan/protocol'
import { defineCommand } from '../../command/command.js'
import { repeated, usageError } from '../../command/option.js'
import { formatTime } from '../../output/numbers.js'
import { netuidOption, openNetwork } from '../../settings/connection.js'
import { asParameter } from '../../settings/parameters.js'
import { argumentsOf, renderSent, sendIntents, sendOptions } from '../../settings/sending.js'

export interface ParameterChange {
  readonly name: ParameterName
  readonly from: bigint
  readonly to: bigint
}

/** What differs between two sets of parameters. */
export function changesOf(before: SubnetParameters, after: SubnetParameters): ParameterChange[] {
  return (Object.keys(after) as ParameterName[])
    .map((name) => ({ name, from: BigInt(before[name]), to: BigInt(after[name]) }))
    .filter(({ from, to }) => from !== to)
}

export const subnetSet = defineCommand({
  path: ['subnet', 'set'],
  summary: 'Change parameters of a subnet from its next epoch on; for its owner, with effect once in two epochs',
  options: {
    ...sendOptions,
    netuid: netuidOption,
    set: repeated('--set <name=value>', 'another value for one parameter; amounts in wei', asParameter),
  },
  examples: [
    'subnet set --netuid 1 --set immunity=20 --set kappa=32767 --key owner',
    'subnet set --netuid 1 --set maxUids=128 --key owner --dry-run',
  ],
  async run({ netuid, set, ...values }, context) {
    if (set.length === 0) throw usageError('A change needs at least one --set')
    const client = await openNetwork(values, context)
    const [{ parameters: current }, pending, minEpochLength] = await Promise.all([
      client.subnets.subnet(netuid),
      client.subnets.pending(netuid),
      client.contracts.subnets.read('minEpochLength', []),
    ])
    // A pending change is replaced as a whole: what it has and this one does not name must be said again.
    const parameters: SubnetParameters = Object.assign({}, pending?.parameters ?? current, ...set)
    validateParameters(parameters, { minEpochLength })
    const changes = changesOf(current, parameters)
    const names = changes.map(({ name }) => name)
    const intents = isSame(pending?.parameters ?? current, parameters)
      ? []
      : [client.intents.setParameters(netuid, parameters, names.length > 0 ? names : ['nothing'])]
    const sent = await sendIntents(client, intents, values, context)
    const takesEffect = argumentsOf(sent, 'ParametersSet')
    return {
      netuid,
      changes,
      fromEpoch: takesEffect === undefined ? null : Number(takesEffect.fromEpoch),
      fromTime: takesEffect?.fromTime ?? null,
      ...sent,
    }
  },
  render({ changes, fromEpoch, fromTime, ...sent }) {
    if (sent.calls.length === 0) return 'nothing changes'
    const lines = changes.map(({ name, from, to }) => `  ${name}  ${from} → ${to}`)
    const when = fromEpoch === null ? [] : [`from epoch ${fromEpoch} on, ${formatTime(fromTime!)}:`]
    return [renderSent(sent), ...when, ...lines].join('\n')
  },
})

const isSame = (a: SubnetParameters, b: SubnetParameters) => changesOf(a, b).length === 0
