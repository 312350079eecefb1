import type { Address } from '@witan/protocol'
import { forEachOf } from '@witan/runtime'
import type { Comparison } from './compare-money.js'
import { heldSinceAt } from './holds.js'
import type { Replay } from './replay.js'

export async function compareVault({ vault: ledger }: Replay, comparison: Comparison): Promise<void> {
  const { contracts, at, now, findings } = comparison
  const { vault } = contracts
  const [nodeCount, requestCount, accounted, maxHold] = await Promise.all([
    vault.read('nodeCount', [], at),
    vault.read('requestCount', [], at),
    vault.read('accountedAssets', [], at),
    vault.read('maxHold', [], at),
  ])
  findings.compare('nodes', 'number of nodes', BigInt(ledger.nodes.size), nodeCount)
  findings.compare('pools', 'number of requests', BigInt(ledger.requests.size), requestCount)
  let owed = 0n
  await forEachOf(ledger.nodes, async ([nodeId, node]) => {
    const [pool, [stake], [take], heldSince] = await Promise.all([
      vault.read('pool', [nodeId], at),
      // The last second that is over: the contract refuses the running one.
      vault.read('stakesAt', [[nodeId], now - 1], at),
      vault.read('takesAt', [[nodeId], now - 1], at),
      vault.read('heldSince', [nodeId], at),
    ])
    for (const name of ['owner', 'operator', 'generation'] as const) {
      findings.compare('nodes', `node ${nodeId} ${name}`, node[name], pool[name])
    }
    const compare = (what: string, rebuilt: unknown, stored: unknown) =>
      findings.compare('pools', `node ${nodeId} ${what}`, rebuilt, stored)
    compare('slashes', BigInt(node.slashes), pool.slashes)
    compare('shares', node.shares, pool.shares)
    compare('unbonding', node.unbonding, pool.unbonding)
    // Unlocking moves from one to the other without an event.
    compare('assets and locked rewards', node.assets + node.locked, pool.assets + pool.locked)
    compare('unlock end', node.unlockEnd, pool.unlockEnd)
    compare('stake', node.stakes.at(now - 1), stake)
    compare('take', node.takes.latest(), BigInt(pool.takeBps))
    compare('take a second ago', node.takes.at(now - 1), BigInt(take ?? 0))
    compare('held since', heldSinceAt(node.hold, now, maxHold), heldSince)
    compare('take raised at', node.takeRaisedAt, pool.takeRaisedAt)
    owed += node.assets + node.locked + node.unbonding
  })
  findings.compare('pools', 'accounted assets', owed, accounted)
  const stakes = [...ledger.nodes.values()].reduce((sum, { stakes }) => sum + stakes.at(now - 1), 0n)
  findings.compare('pools', 'stake of all', stakes, await vault.read('totalStakeAt', [now - 1], at))
  await compareOperators(ledger, comparison)
  await compareAccounts(ledger, comparison)
}

type Ledger = Replay['vault']

async function compareOperators({ everNodeOf, retiredAt }: Ledger, { contracts, at, findings }: Comparison) {
  await forEachOf(everNodeOf, async ([operator, nodeId]) => {
    const [stored, retired] = await Promise.all([
      contracts.vault.read('everNodeOf', [operator], at),
      contracts.vault.read('retiredAt', [operator], at),
    ])
    findings.compare('nodes', `node that ${operator} served`, nodeId, stored)
    findings.compare('nodes', `${operator} retired at`, retiredAt.get(operator) ?? 0, retired)
  })
}

async function compareAccounts(ledger: Ledger, { contracts, at, findings }: Comparison): Promise<void> {
  const { vault } = contracts
  const positions = [...ledger.shares].flatMap(([nodeId, held]) =>
    [...held].map(([account, shares]) => ({ nodeId, account, shares })),
  )
  await forEachOf(positions, async ({ nodeId, account, shares }) => {
    const stored = await vault.read('sharesOf', [nodeId, account], at)
    findings.compare('accounts', `shares of ${account} on node ${nodeId}`, shares, stored)
  })
  const nodesOf = new Map<Address, bigint[]>()
  for (const { nodeId, account, shares } of positions) {
    const nodeIds = nodesOf.get(account) ?? []
    nodesOf.set(account, nodeIds)
    if (shares > 0n) nodeIds.push(nodeId)
  }
  await forEachOf(nodesOf, async ([account, nodeIds]) => {
    const stored = await vault.read('nodesOf', [account], at)
    findings.compare('accounts', `nodes of ${account}`, ascending(nodeIds), ascending(stored))
  })
  await forEachOf(ledger.requests, async ([requestId, { nodeId, account, assets }]) => {
    const stored = await vault.read('unstakeRequest', [requestId], at)
    findings.compare('accounts', `request ${requestId} of`, [nodeId, account], [stored.nodeId, stored.account])
    // Slashes of its node lower what it pays without an event until it is paid.
    if (ledger.nodes.get(nodeId)?.slashes === 0) {
      findings.compare('accounts', `request ${requestId} assets`, assets, stored.assets)
    }
  })
}

const ascending = (nodeIds: readonly bigint[]): bigint[] => [...nodeIds].sort((a, b) => (a < b ? -1 : 1))
