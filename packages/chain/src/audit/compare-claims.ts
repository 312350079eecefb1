import { forEachOf } from '@witan/runtime'
import type { Companions } from './compare-companions.js'
import type { Comparison } from './compare-money.js'
import type { Replay } from './replay.js'

/** Nothing is compared in a network that is no fork. */
export async function compareClaims(
  { claims: ledger }: Replay,
  { at, findings, companions: { claims } }: Comparison & Companions,
): Promise<void> {
  if (claims === undefined) return
  const compare = (what: string, rebuilt: unknown, told: unknown) => findings.compare('claims', what, rebuilt, told)
  const paid = [...ledger.paid.values()].reduce((sum, amount) => sum + amount, 0n)
  compare('what the claims began with', ledger.minted, await claims.read('supply', [], at))
  compare('what claims and sweep paid', paid + ledger.swept, ledger.sent)
  await forEachOf(ledger.paid.keys(), async (account) => {
    compare(`${account} has claimed`, true, await claims.read('hasClaimed', [account], at))
  })
  await forEachOf(ledger.adoptions, async ({ kind, id, successor }) => {
    compare(`successor of ${kind} ${id}`, successor, await claims.read('successorOf', [kind, id], at))
    compare(`origin of ${kind} ${successor}`, id, await claims.read('originOf', [kind, successor], at))
  })
}
