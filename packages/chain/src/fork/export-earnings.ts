import { forEachOf } from '@witan/runtime'
import { checkCovered } from './book.js'
import type { Exporting } from './exporting.js'

/** Emission that was earned and not claimed: of nodes' owners, subnets' owners and settlers. Returns it, wei. */
export async function exportEarnings({ contracts, at, replay, book }: Exporting): Promise<bigint> {
  const { emission, subnets, vault } = contracts
  let unclaimed = 0n
  await forEachOf(replay.subnets.netuidsOf, async ([nodeId, netuids]) => {
    const owner = await vault.read('ownerOf', [nodeId], at)
    for (const netuid of netuids) {
      const owed = await emission.read('claimable', [netuid, nodeId], at)
      unclaimed += owed
      book.credit(owner, 'earned', owed)
    }
  })
  await forEachOf(replay.subnets.subnets.keys(), async (netuid) => {
    const [owner, owed] = await Promise.all([
      subnets.read('ownerOf', [netuid], at),
      emission.read('ownerClaimable', [netuid], at),
    ])
    unclaimed += owed
    book.credit(owner, 'earned', owed)
  })
  const { claimable } = await emission.read('supply', [], at)
  checkCovered('claimable emission', claimable, unclaimed)
  checkCovered('emission of accounts', unclaimed, claimable)
  await forEachOf(replay.emission.bounties.keys(), async (settler) => {
    const owed = await emission.read('bounties', [settler], at)
    unclaimed += owed
    book.credit(settler, 'earned', owed)
  })
  return unclaimed
}
