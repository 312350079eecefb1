import { forEachOf } from '@witan/runtime'
import type { Companions } from './compare-companions.js'
import type { Comparison } from './compare-money.js'
import { ONE_VOTE, votesOfMembers } from './membership-ledger.js'
import type { Replay } from './replay.js'

/** Nothing is compared in a network whose stake decides. */
export async function compareMembership(
  { membership: ledger }: Replay,
  { at, now, findings, companions: { membership } }: Comparison & Companions,
): Promise<void> {
  if (membership === undefined) return
  const compare = (what: string, rebuilt: unknown, told: unknown) => findings.compare('membership', what, rebuilt, told)
  const { members, count, delegates } = ledger
  compare('number of members', count.latest(), await membership.read('memberCount', [], at))
  // The last second that is over: the contract refuses the running one.
  const before = await membership.read('getPastTotalSupply', [BigInt(now - 1)], at)
  compare('votes of all a second ago', count.at(now - 1) * ONE_VOTE, before)
  await forEachOf(members, async ([account, isMember]) => {
    compare(`member ${account}`, isMember ? ONE_VOTE : 0n, await membership.read('balanceOf', [account], at))
  })
  await forEachOf(new Set([...members.keys(), ...delegates.keys()]), async (account) => {
    compare(
      `delegate of ${account}`,
      delegates.get(account) ?? account,
      await membership.read('delegates', [account], at),
    )
  })
  await forEachOf(votesOfMembers(ledger), async ([account, votes]) => {
    compare(`votes of ${account}`, votes, await membership.read('getVotes', [account], at))
  })
}
