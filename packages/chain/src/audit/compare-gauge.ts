import { forEachOf } from '@witan/runtime'
import type { Comparison } from './compare-money.js'
import { boundaryAfter, dueUntil, maxShareAt, shareAt } from './gauge-ledger.js'
import type { Replay } from './replay.js'

/** Votes and shares now and from the next boundary on, what each subnet was due, and where each account points. */
export async function compareGauge({ gauge }: Replay, { contracts, at, now, findings }: Comparison): Promise<void> {
  const { emission } = contracts
  const compare = (what: string, rebuilt: unknown, stored: unknown) => findings.compare('gauge', what, rebuilt, stored)
  const moments = [now, boundaryAfter(gauge.terms, now)]
  const [startedAt, activeSubnets, maxShareBps] = await Promise.all([
    emission.read('startedAt', [], at),
    emission.read('activeSubnets', [], at),
    emission.read('maxShareBps', [], at),
  ])
  compare('started at', gauge.startedAt, startedAt)
  compare('largest share', maxShareAt(gauge, now), maxShareBps)
  compare('active subnets', gauge.total.latest().active, activeSubnets)
  await forEachOf(moments, async (time) => {
    compare(`votes at ${time}`, gauge.total.at(time).votes, await emission.read('totalVotesAt', [time], at))
  })
  await forEachOf(gauge.lines, async ([netuid, line]) => {
    const [isActive, due] = await Promise.all([
      emission.read('isActive', [netuid], at),
      emission.read('dueAt', [netuid, now], at),
    ])
    compare(`subnet ${netuid} active`, line.latest().active === 1n, isActive)
    compare(`subnet ${netuid} due`, dueUntil(gauge, netuid, now), due)
    for (const time of moments) {
      const [votes, share] = await Promise.all([
        emission.read('votesAt', [netuid, time], at),
        emission.read('shareAt', [netuid, time], at),
      ])
      compare(`subnet ${netuid} votes at ${time}`, line.at(time).votes, votes)
      compare(`subnet ${netuid} share at ${time}`, shareAt(gauge, netuid, time), share)
    }
  })
  await forEachOf(gauge.pointings, async ([account, { netuids, weights, stake }]) => {
    compare(`points of ${account}`, [netuids, weights, stake], await emission.read('pointsOf', [account], at))
  })
}
