import { type Address, WitanError } from '@witan/protocol'
import { forEachOf } from '@witan/runtime'
import { slotsBefore } from '../audit/subnets-ledger.js'
import { checkCovered, divideDown } from './book.js'
import { addTo, type Exporting, type Undistributed } from './exporting.js'

const BPS_ONE = 10_000n

/**
 * What came in for models, as the splitter would pay it out now: by the table in force, to creators, data sets, treasury,
 * validators of the last settled epoch and pools. Returns the pools' parts, which belong to their stakers.
 */
export async function exportRevenue(exporting: Exporting): Promise<Undistributed> {
  const { contracts, at, trail, book, replay, balanceOf } = exporting
  const { splitter } = contracts
  const pools = new Map<bigint, bigint>()
  const pots = new Map<number, bigint>()
  const treasury = await splitter.read('treasury', [], at)
  let held = 0n

  await forEachOf(trail.revenues.values(), async ({ netuid, nodeId, modelId }) => {
    const amount = await splitter.read('pendingOf', [netuid, nodeId, modelId], at)
    if (amount === 0n) return
    held += amount
    const [table, creators, dataSets] = await Promise.all([
      splitter.read('tableOf', [netuid], at),
      payees(splitter.read('creatorsOf', [modelId], at)),
      payees(splitter.read('dataSetsOf', [modelId], at)),
    ])
    const part = (bps: number) => (amount * BigInt(bps)) / BPS_ONE
    const toDataSets = part(table.dataSets)
    const fromDataSets = toDataSets - payBps(dataSets, toDataSets)
    const toCreators = part(table.creators) + fromDataSets
    let rest = toCreators - payBps(creators, toCreators)
    if (creators[0] !== undefined) {
      book.credit(creators[0][0], 'revenue', rest)
      rest = 0n
    }
    book.credit(treasury, 'revenue', part(table.treasury))
    addTo(pots, netuid, part(table.validators))
    const others = part(table.creators) + toDataSets + part(table.validators) + part(table.treasury)
    addTo(pools, nodeId, amount - others + rest)
  })
  await forEachOf(trail.payees, async (account) => {
    const owed = await splitter.read('owedTo', [account], at)
    held += owed
    book.credit(account, 'revenue', owed)
  })
  await forEachOf(replay.subnets.subnets.keys(), async (netuid) => {
    const [pot] = await splitter.read('potOf', [netuid], at)
    held += pot
    addTo(pots, netuid, pot)
  })
  payPots(exporting, pots)
  const balance = await balanceOf(splitter.address)
  checkCovered('revenue', held, balance)
  book.leave(balance - held)
  return { pools, pots }

  function payBps(list: readonly Payee[], amount: bigint): bigint {
    const parts = list.map(([account, bps]) => [account, (amount * BigInt(bps)) / BPS_ONE] as const)
    for (const [account, share] of parts) book.credit(account, 'revenue', share)
    return parts.reduce((total, [, share]) => total + share, 0n)
  }
}

type Payee = readonly [Address, number]

/** A registry that gives no proper answer names nobody, as for the splitter. */
async function payees(reading: Promise<readonly [readonly Address[], readonly number[]]>): Promise<Payee[]> {
  try {
    const [accounts, bps] = await reading
    return accounts.map((account, index) => [account, bps[index]!])
  } catch (error) {
    if (isRevert(error)) return []
    throw error
  }
}

/** Reverts name the call and the contract's error; an endpoint that fails does not. */
function isRevert(error: unknown): boolean {
  return error instanceof WitanError && error.facts.call !== undefined && error.facts.error !== undefined
}

/** To the owners of the nodes that validated in the last settled epoch, by their pay; without any to the treasury. */
function payPots({ replay, book }: Exporting, pots: ReadonlyMap<number, bigint>): void {
  for (const [netuid, pot] of pots) {
    const last = replay.consensus.get(netuid)?.last
    const subnet = replay.subnets.subnets.get(netuid)
    const holders = last === undefined || subnet === undefined ? [] : slotsBefore(subnet, last.endsAt)
    const weights = holders.map(({ nodeId }, uid) => {
      const owner = replay.vault.nodes.get(nodeId)?.owner
      return [owner, owner === undefined ? 0n : (last?.result.validatorPay[uid] ?? 0n)] as const
    })
    book.leave(
      divideDown(pot, weights, (owner, part) => {
        if (owner !== undefined) book.credit(owner, 'revenue', part)
      }),
    )
  }
}
