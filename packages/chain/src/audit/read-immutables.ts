import type { ReadOptions } from '../abi/contract.js'
import type { Connection } from '../network/connect-chain.js'
import type { Immutables } from './replay.js'

export async function readImmutables(
  { contracts: { emission }, network }: Pick<Connection, 'contracts' | 'network'>,
  at: ReadOptions,
): Promise<Immutables> {
  const [scheduleCap, gaugePeriod] = await Promise.all([
    emission.read('scheduleCap', [], at),
    emission.read('gaugePeriod', [], at),
  ])
  return { gauge: { scheduleCap, gaugePeriod }, claims: network.fork?.claims }
}
