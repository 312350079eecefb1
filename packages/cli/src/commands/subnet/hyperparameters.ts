import { PARAMETER_TABLE, type ParameterName, type SubnetParameters } from '@witan/protocol'
import { defineCommand } from '../../command/command.js'
import { formatTime, formatTokens } from '../../output/numbers.js'
import { type Column, renderTable } from '../../output/table.js'
import { netuidOption, networkOptions, openNetwork } from '../../settings/connection.js'

export interface Hyperparameter {
  readonly name: ParameterName
  readonly value: bigint
  /** Null: stays as it is. */
  readonly pending: bigint | null
  readonly min: bigint
  readonly max: bigint
  readonly unit: string
  readonly meaning: string
}

export interface ParameterVersions {
  readonly current: SubnetParameters
  readonly pending: SubnetParameters | undefined
  /** Seconds: `Subnets.minEpochLength()`. */
  readonly minEpochLength: number
}

/** Every parameter with its bounds, in the order of the specification. */
export function toHyperparameters({ current, pending, minEpochLength }: ParameterVersions): Hyperparameter[] {
  return (Object.keys(PARAMETER_TABLE) as ParameterName[]).map((name) => {
    const { min, ...bounds } = PARAMETER_TABLE[name]
    const value = BigInt(current[name])
    const next = pending === undefined ? value : BigInt(pending[name])
    const low = name === 'epochLength' ? BigInt(minEpochLength) : min
    return { name, value, pending: next === value ? null : next, min: low, ...bounds }
  })
}

export const subnetHyperparameters = defineCommand({
  path: ['subnet', 'hyperparameters'],
  summary: 'Show the parameters of a subnet, those to come, their bounds and units',
  options: { ...networkOptions, netuid: netuidOption },
  examples: ['subnet hyperparameters --netuid 1', 'subnet hyperparameters --netuid 1 --json'],
  async run({ netuid, ...values }, context) {
    const client = await openNetwork(values, context)
    const [{ parameters, schedule }, pending, minEpochLength] = await Promise.all([
      client.subnets.subnet(netuid),
      client.subnets.pending(netuid),
      client.contracts.subnets.read('minEpochLength', []),
    ])
    const fromTime = pending && schedule.startedAt + pending.fromEpoch * schedule.epochLength
    return {
      netuid,
      pending: pending === undefined ? null : { fromEpoch: pending.fromEpoch, fromTime: fromTime! },
      parameters: toHyperparameters({ current: parameters, pending: pending?.parameters, minEpochLength }),
    }
  },
  render({ netuid, pending, parameters }, { terminal }) {
    const columns: readonly Column<Hyperparameter>[] = [
      { title: 'NAME', value: ({ name }) => name },
      { title: 'NOW', value: ({ value, unit }) => written(value, unit), align: 'right' },
      ...(pending === null ? [] : [pendingColumn]),
      { title: 'MIN', value: ({ min, unit }) => written(min, unit), align: 'right' },
      { title: 'MAX', value: ({ max, unit }) => written(max, unit), align: 'right' },
      { title: 'UNIT', value: ({ unit }) => (unit === 'wei' ? 'tokens' : unit) },
      { title: 'MEANING', value: ({ meaning }) => meaning },
    ]
    const head =
      pending === null
        ? `subnet ${netuid}: no change is pending`
        : `subnet ${netuid}: what is pending counts from epoch ${pending.fromEpoch} on, ${formatTime(pending.fromTime)}`
    return `${head}\n${renderTable(columns, parameters, terminal.columns)}`
  },
})

const pendingColumn: Column<Hyperparameter> = {
  title: 'PENDING',
  value: ({ pending, unit }) => (pending === null ? '' : written(pending, unit)),
  align: 'right',
}

/** Longer than that nobody reads a number of tokens; `--json` has all digits. */
const MAX_TOKENS = 10n ** 27n

function written(value: bigint, unit: string): string {
  if (unit !== 'wei') return String(value)
  return value > MAX_TOKENS ? 'any' : formatTokens(value, 18)
}
