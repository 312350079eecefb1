import type { Hex, SignedVoucher } from '@witan/protocol'
import type { Database } from '@witan/runtime'

/** The best voucher of a channel, and what it is for. Amounts in wei since the channel was opened. */
export interface JournaledChannel extends SignedVoucher {
  /** The price of all answers that were given. */
  readonly owed: bigint
  /** What the contract is known to have paid. */
  readonly settled: bigint
}

/** Vouchers on disk before the work they pay: a miner that dies loses none. */
export interface VoucherJournal {
  find(channelId: Hex): JournaledChannel | undefined
  save(channel: JournaledChannel): void
  /** Channels whose voucher is worth more than was settled. */
  unsettled(): JournaledChannel[]
}

interface Row {
  readonly channelId: Hex
  readonly cumulative: string
  readonly receiptDigest: Hex
  readonly signature: Hex
  readonly owed: string
  readonly settled: string
}

const COLUMNS = 'channel_id AS channelId, cumulative, receipt_digest AS receiptDigest, signature, owed, settled'

export function openVoucherJournal(database: Database): VoucherJournal {
  const select = database.prepare<[string], Row>(`SELECT ${COLUMNS} FROM channels WHERE channel_id = ?`)
  // Amounts are text: SQLite has no integers of 256 bits. They differ exactly when their texts do.
  const due = database.prepare<[], Row>(`SELECT ${COLUMNS} FROM channels WHERE cumulative <> settled`)
  const write = database.prepare<[string, string, string, string, string, string]>(
    `INSERT OR REPLACE INTO channels (channel_id, cumulative, receipt_digest, signature, owed, settled)
     VALUES (?, ?, ?, ?, ?, ?)`,
  )
  return {
    find(channelId) {
      const row = select.get(channelId)
      return row === undefined ? undefined : fromRow(row)
    },
    save({ voucher, signature, owed, settled }) {
      const { channelId, cumulative, receiptDigest } = voucher
      write.run(channelId, `${cumulative}`, receiptDigest, signature, `${owed}`, `${settled}`)
    },
    unsettled: () =>
      due
        .all()
        .map(fromRow)
        .filter(({ voucher, settled }) => voucher.cumulative > settled),
  }
}

function fromRow({ channelId, cumulative, receiptDigest, signature, owed, settled }: Row): JournaledChannel {
  return {
    voucher: { channelId, cumulative: BigInt(cumulative), receiptDigest },
    signature,
    owed: BigInt(owed),
    settled: BigInt(settled),
  }
}
