import { forEachOf } from '@witan/runtime'
import type { ReadOptions } from '../abi/contract.js'
import type { Contracts } from '../network/contracts.js'
import { earningsOf } from './emission-ledger.js'
import type { Findings } from './findings.js'
import type { Replay } from './replay.js'

export interface Comparison {
  readonly contracts: Contracts
  readonly at: ReadOptions
  /** Timestamp of the block, unix seconds. */
  readonly now: number
  readonly findings: Findings
}

export async function compareTokens({ token }: Replay, { contracts, at, findings }: Comparison): Promise<void> {
  findings.compare('tokens', 'total supply', token.totalSupply, await contracts.token.read('totalSupply', [], at))
  await forEachOf(token.balances, async ([account, balance]) => {
    findings.compare('tokens', `balance of ${account}`, balance, await contracts.token.read('balanceOf', [account], at))
  })
}

export async function compareEmission(replay: Replay, { contracts, at, findings }: Comparison): Promise<void> {
  const { emission } = contracts
  const compare = (what: string, rebuilt: unknown, stored: unknown) =>
    findings.compare('emission', what, rebuilt, stored)
  const ledger = replay.emission
  const nodeIds = [...replay.vault.nodes.keys()]
  const totals: Record<string, bigint> = {}
  const add = (name: string, amount: bigint) => {
    totals[name] = (totals[name] ?? 0n) + amount
  }

  await forEachOf(ledger.subnets, async ([netuid, subnet]) => {
    const stored = await emission.read('supplyOf', [netuid], at)
    const books = withMinted(subnet.books)
    for (const [name, amount] of Object.entries(books)) {
      compare(`subnet ${netuid} ${name}`, amount, stored[name as keyof typeof stored])
      add(name, amount)
    }
    const [ownerCut, until] = await Promise.all([
      emission.read('ownerClaimable', [netuid], at),
      emission.read('accountedUntil', [netuid], at),
    ])
    compare(`subnet ${netuid} owner's claimable`, subnet.ownerAccrued, ownerCut)
    compare(`subnet ${netuid} accounted until`, subnet.accountedUntil, until)
  })
  const supply = await emission.read('supply', [], at)
  for (const [name, amount] of Object.entries(totals)) {
    compare(`total ${name}`, amount, supply[name as keyof typeof supply])
  }

  const holdings = [...replay.subnets.subnets].flatMap(([netuid, { uidOf }]) => {
    const earning = new Set([...uidOf.keys(), ...(ledger.subnets.get(netuid)?.credited.keys() ?? [])])
    return [...earning].map((nodeId) => ({ netuid, nodeId, uid: uidOf.get(nodeId) }))
  })
  await forEachOf(holdings, async ({ netuid, nodeId, uid }) => {
    const subnet = ledger.subnets.get(netuid)
    const owed = subnet === undefined ? 0n : sum(earningsOf(subnet, nodeId, uid).map((earned) => earned.owed))
    compare(`subnet ${netuid} node ${nodeId} claimable`, owed, await emission.read('claimable', [netuid, nodeId], at))
  })
  await forEachOf(nodeIds, async (nodeId) => {
    const earned = [...(replay.subnets.netuidsOf.get(nodeId) ?? [])].flatMap((netuid) => {
      const subnet = ledger.subnets.get(netuid)
      const uid = replay.subnets.subnets.get(netuid)?.uidOf.get(nodeId)
      return subnet === undefined ? [] : earningsOf(subnet, nodeId, uid)
    })
    const pooled = sum(earned.map((each) => each.pooled))
    compare(`node ${nodeId} pool accrued`, pooled, await emission.read('poolAccrued', [nodeId], at))
  })
  await forEachOf(ledger.bounties, async ([settler, amount]) => {
    compare(`bounties of ${settler}`, amount, await emission.read('bounties', [settler], at))
  })
}

function withMinted(books: Readonly<Record<'claimable' | 'claimed' | 'pooled' | 'bounties', bigint>>) {
  return { ...books, minted: books.claimable + books.claimed + books.pooled + books.bounties }
}

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n)
