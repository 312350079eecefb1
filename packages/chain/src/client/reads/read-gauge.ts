import type { Address } from '@witan/protocol'
import type { ReadOptions } from '../../abi/contract.js'
import type { Contracts } from '../../network/contracts.js'

export interface GaugePoint {
  readonly netuid: number
  readonly weight: number
}

/** How a subnet stands in the gauge at one moment. */
export interface GaugeShare {
  /** Wei of stake pointed at it. */
  readonly pointedWei: bigint
  /** Of 1. */
  readonly share: number
}

const SHARE_PRECISION = 10n ** 6n
const SHARE_UNIT = 10n ** 18n

export function readGauge({ emission }: Pick<Contracts, 'emission'>) {
  return {
    isActive: (netuid: number, options?: ReadOptions): Promise<boolean> => emission.read('isActive', [netuid], options),

    /** At a moment in unix seconds; in the future as things stand. */
    async shareAt(netuid: number, time: number, options?: ReadOptions): Promise<GaugeShare> {
      const [pointedWei, share] = await Promise.all([
        emission.read('votesAt', [netuid, time], options),
        emission.read('shareAt', [netuid, time], options),
      ])
      return { pointedWei, share: Number((share * SHARE_PRECISION) / SHARE_UNIT) / Number(SHARE_PRECISION) }
    },

    /** Wei pointed at all active subnets. */
    totalPointedAt: (time: number, options?: ReadOptions): Promise<bigint> =>
      emission.read('totalVotesAt', [time], options),

    /** What the deployment fixed, and when pointed stake takes effect next (unix seconds). */
    async terms(options?: ReadOptions) {
      const [nextBoundary, periodSeconds, maxShareBps, activeSubnets] = await Promise.all([
        emission.read('nextBoundary', [], options),
        emission.read('gaugePeriod', [], options),
        emission.read('maxShareBps', [], options),
        emission.read('activeSubnets', [], options),
      ])
      return { nextBoundary, periodSeconds, maxShareBps, activeSubnets: Number(activeSubnets) }
    },

    /** Where the account points, and the wei with which its list counts from the next boundary on. */
    async pointsOf(
      account: Address,
      options?: ReadOptions,
    ): Promise<{ points: readonly GaugePoint[]; stakeWei: bigint }> {
      const [netuids, weights, stakeWei] = await emission.read('pointsOf', [account], options)
      return { points: netuids.map((netuid, index) => ({ netuid, weight: weights[index] ?? 0 })), stakeWei }
    },
  }
}
