import type { Channel } from '@witan/chain'
import type { Hex, SignedVoucher } from '@witan/protocol'
import type { SettlePolicy } from './settle-policy.js'
import type { JournaledChannel, VoucherJournal } from './voucher-journal.js'

export interface SettlerModules {
  readonly journal: VoucherJournal
  readonly policy: SettlePolicy
  channel(channelId: Hex): Promise<Channel>
  /** Wei of the chain's coin for a unit of gas. */
  gasPrice(): Promise<bigint>
  /** Resolves when the batch is mined. */
  settle(vouchers: readonly SignedVoucher[]): Promise<void>
}

/** Channels read at once. */
const READS_AT_ONCE = 16

interface Standing {
  readonly journaled: JournaledChannel
  readonly channel: Channel
}

/** Settles the journaled vouchers that the policy chooses. @returns how many */
export async function settleVouchers(modules: SettlerModules): Promise<number> {
  const { journal, policy, gasPrice, settle } = modules
  const standings = await readAll(journal.unsettled(), modules)
  for (const { journaled, channel } of standings) note(journal, journaled, channel.paid)
  const vouchers = standings.map(({ journaled: { voucher }, channel: { deposit, paid, closesAt } }) => {
    const { channelId, cumulative } = voucher
    const uncovered = cumulative > deposit ? cumulative - deposit : 0n
    const payable = cumulative - uncovered
    return { channelId, worth: payable > paid ? payable - paid : 0n, closesAt }
  })
  if (vouchers.every(({ worth }) => worth === 0n)) return 0
  const chosen = new Set(policy(vouchers, { gasPriceWei: await gasPrice() }))
  if (chosen.size === 0) return 0
  const batch = standings.filter(({ journaled }) => chosen.has(journaled.voucher.channelId))
  await settle(batch.map(({ journaled: { voucher, signature } }) => ({ voucher, signature })))
  const settled = await readAll(
    batch.map(({ journaled }) => journaled),
    modules,
  )
  for (const { journaled, channel } of settled) note(journal, journaled, channel.paid)
  return batch.length
}

/** The journal may have a better voucher by now: only what was paid is noted. */
function note(journal: VoucherJournal, { voucher: { channelId } }: JournaledChannel, paid: bigint): void {
  const now = journal.find(channelId)
  if (now !== undefined && now.settled !== paid) journal.save({ ...now, settled: paid })
}

async function readAll(
  journaled: readonly JournaledChannel[],
  { channel }: Pick<SettlerModules, 'channel'>,
): Promise<Standing[]> {
  const standings: Standing[] = []
  for (let from = 0; from < journaled.length; from += READS_AT_ONCE) {
    const page = journaled.slice(from, from + READS_AT_ONCE)
    const read = page.map(async (each) => ({ journaled: each, channel: await channel(each.voucher.channelId) }))
    standings.push(...(await Promise.all(read)))
  }
  return standings
}
