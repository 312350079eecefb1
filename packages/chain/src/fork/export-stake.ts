import { WitanError } from '@witan/protocol'
import { forEachOf } from '@witan/runtime'
import { checkCovered, divideDown } from './book.js'
import type { ForkExport } from './export-file.js'
import type { Exporting, Undistributed } from './exporting.js'

/**
 * Stake of accounts on nodes with all rewards of the pools, and stake on its way out, less what slashes have taken.
 * Returns the nodes and the emission that pools had earned and not pulled, wei.
 */
export async function exportStake(
  exporting: Exporting,
  { pools }: Undistributed,
): Promise<{ nodes: ForkExport['nodes']; accrued: bigint }> {
  const { contracts, at, replay, book, balanceOf } = exporting
  const { vault, emission } = contracts
  const ledger = replay.vault
  const nodes: ForkExport['nodes'] = []
  let accrued = 0n
  let held = 0n

  await forEachOf(ledger.nodes.keys(), async (nodeId) => {
    const [pool, earned] = await Promise.all([
      vault.read('pool', [nodeId], at),
      emission.read('poolAccrued', [nodeId], at),
    ])
    const { owner, operator, takeBps, shares } = pool
    accrued += earned
    held += pool.assets + pool.locked + pool.unbonding
    nodes.push({ node: Number(nodeId), owner, operator, takeBps, stake: pool.assets })
    const worth = pool.assets + pool.locked + earned + (pools.get(nodeId) ?? 0n)
    const positions = await sharesOf(exporting, nodeId, shares)
    // A pool without shares owes what it has to the node's owner.
    if (shares === 0n) book.credit(owner, 'earned', worth)
    else book.leave(divideDown(worth, positions, (account, part) => book.stake(account, nodeId, part)))
  })
  await forEachOf(ledger.requests, async ([requestId, { assets }]) => {
    const request = await vault.read('unstakeRequest', [requestId], at)
    book.unbond(request.account, request.assets)
    book.forfeited(assets - request.assets)
  })
  await takeDebts(exporting)
  const balance = await balanceOf(vault.address)
  checkCovered('stake', held, balance)
  book.leave(balance - held)
  return { nodes: nodes.sort((a, b) => a.node - b.node), accrued }
}

async function sharesOf({ contracts, at, replay }: Exporting, nodeId: bigint, outstanding: bigint) {
  const positions: [account: `0x${string}`, shares: bigint][] = []
  await forEachOf(replay.vault.shares.get(nodeId)?.keys() ?? [], async (account) => {
    positions.push([account, await contracts.vault.read('sharesOf', [nodeId, account], at)])
  })
  const known = positions.reduce((total, [, shares]) => total + shares, 0n)
  if (known === outstanding) return positions
  throw new WitanError('FORK_SUMS_DIFFER', 'The shares of a pool are not those of its accounts', {
    facts: { node: nodeId, known, outstanding },
  })
}

async function takeDebts({ contracts, at, replay, book }: Exporting): Promise<void> {
  const accounts = new Set([...replay.vault.requests.values()].map(({ account }) => account))
  for (const held of replay.vault.shares.values()) for (const account of held.keys()) accounts.add(account)
  await forEachOf(accounts, async (account) => {
    const debt = await contracts.vault.read('debtOf', [account], at)
    if (debt > 0n) book.forfeit(account, debt)
  })
}
