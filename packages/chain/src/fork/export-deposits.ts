import { forEachOf } from '@witan/runtime'
import { checkCovered } from './book.js'
import type { Exporting } from './exporting.js'

const FLAG = 1
const OPEN = 0

/** Deposits go back to consumers, locks of subnets to their owners, bonds to accusers, the rest to whom it is owed. */
export async function exportDeposits(exporting: Exporting): Promise<void> {
  await exportChannels(exporting)
  await exportLocks(exporting)
  await exportDataSetMoney(exporting)
  await exportBonds(exporting)
}

async function exportChannels({ contracts: { channels }, at, trail, book, balanceOf }: Exporting): Promise<void> {
  let held = 0n
  await forEachOf(trail.channels, async (channelId) => {
    const { consumer, deposit, paid } = await channels.read('channelOf', [channelId], at)
    held += deposit - paid
    book.credit(consumer, 'channels', deposit - paid)
  })
  const balance = await balanceOf(channels.address)
  checkCovered('channels', held, balance)
  book.leave(balance - held)
}

async function exportLocks({ contracts: { subnets }, at, replay, book, balanceOf }: Exporting): Promise<void> {
  let held = 0n
  await forEachOf(replay.subnets.subnets.keys(), async (netuid) => {
    const { owner, lock } = await subnets.read('subnet', [netuid], at)
    held += lock
    book.credit(owner, 'locks', lock)
  })
  const balance = await balanceOf(subnets.address)
  checkCovered('locks of subnets', held, balance)
  book.leave(balance - held)
}

/** Royalties that contributors have not claimed go to the set's owner, to whom they fall in the end anyway. */
async function exportDataSetMoney({ contracts: { datasets }, at, trail, book, balanceOf }: Exporting): Promise<void> {
  let held = 0n
  await forEachOf(trail.datasetPayees, async (account) => {
    const owed = await datasets.read('creditOf', [account], at)
    held += owed
    book.credit(account, 'dataSets', owed)
  })
  await forEachOf(numbersTo(await datasets.read('datasetCount', [], at)), async (setId) => {
    const [owner, { reserve, versions }] = await Promise.all([
      datasets.read('ownerOf', [setId], at),
      datasets.read('dataset', [setId], at),
    ])
    let owed = reserve
    for (let version = 1; version <= versions; version++) {
      const { paid, claimed } = await datasets.read('poolOf', [setId, version], at)
      owed += paid - claimed
    }
    held += owed
    book.credit(owner, 'dataSets', owed)
  })
  await forEachOf(numbersTo(await datasets.read('ballotCount', [], at)), async (ballotId) => {
    const { kind, outcome, initiator, setId } = await datasets.read('ballot', [ballotId], at)
    if (kind !== FLAG || outcome !== OPEN) return
    const [{ bond, reward }, owner] = await Promise.all([
      datasets.read('flagOf', [ballotId], at),
      datasets.read('ownerOf', [setId], at),
    ])
    held += bond + reward
    book.credit(initiator, 'dataSets', bond)
    book.credit(owner, 'dataSets', reward)
  })
  const balance = await balanceOf(datasets.address)
  checkCovered('data sets', held, balance)
  book.leave(balance - held)
}

/** Nobody judges in the fork, and the evidence is of requests of the old network: nobody can lose a bond there. */
async function exportBonds({ contracts: { court }, at, book, balanceOf }: Exporting): Promise<void> {
  const [bond, count] = await Promise.all([court.read('bond', [], at), court.read('accusationCount', [], at)])
  let held = 0n
  await forEachOf(numbersTo(count), async (accusationId) => {
    const { challenger, status } = await court.read('accusation', [accusationId], at)
    if (status !== OPEN) return
    held += bond
    book.credit(challenger, 'bonds', bond)
  })
  const balance = await balanceOf(court.address)
  checkCovered('bonds', held, balance)
  book.leave(balance - held)
}

/** 1 … count. */
export const numbersTo = (count: bigint | number): bigint[] =>
  Array.from({ length: Number(count) }, (_, index) => BigInt(index) + 1n)
