import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ChainClient, type Channel, formatAmount, writeFileAtomic } from '@witan/chain'
import {
  bytesToHex,
  type ErrorCode,
  type Hex,
  isHex,
  isWitanError,
  type Receipt,
  receiptStructHash,
  type SignedVoucher,
  type Signer,
  signVoucher,
  WitanError,
  ZERO_DIGEST,
} from '@witan/protocol'

/** What is kept of a channel between two questions: all that was promised, and the last receipt for it. */
interface Promised {
  readonly owed: bigint
  readonly receiptDigest: Hex
}

export interface ConsumerChannel {
  readonly channel: Channel
  /** Signs a voucher for one more answer and keeps what it promises. Throws `REQUEST_PRICE_TOO_LOW` or `VOUCHER_INVALID`. */
  pay(price: bigint): Promise<SignedVoucher>
  /** The answer came with this receipt. */
  settled(receipt: Receipt): Promise<void>
  /** There was none. Where the miner refused, the promise is taken back; where it may have worked, it stays. */
  failed(error: unknown): Promise<void>
}

interface ChannelSetting {
  readonly client: ChainClient
  readonly channelId: Hex
  readonly signer: Signer
  /** The most that an answer may cost, wei. */
  readonly maxPrice: bigint
  /** Home folder. */
  readonly home: string
}

/** After these the miner may have worked and hold a receipt. */
const UNCERTAIN: readonly ErrorCode[] = ['PEER_FAILED', 'PEER_DISCONNECTED', 'PEER_MISBEHAVED', 'DEADLINE_EXCEEDED']

/** A channel as its consumer uses it. Throws `CHANNEL_UNKNOWN`, `NOT_CHANNEL_CONSUMER` or `CHANNEL_CLOSING`. */
export async function openConsumerChannel(setting: ChannelSetting): Promise<ConsumerChannel> {
  const { client, channelId, signer, maxPrice, home } = setting
  const channel = await client.payments.channel(channelId)
  const { consumer, closesAt, deposit, paid } = channel
  if (consumer !== signer.address) {
    throw new WitanError('NOT_CHANNEL_CONSUMER', 'The key did not open the channel', {
      facts: { channelId, consumer, key: signer.address },
    })
  }
  if (closesAt !== 0)
    throw new WitanError('CHANNEL_CLOSING', 'The channel is closing', { facts: { channelId, closesAt } })
  const path = join(home, 'channels', `${channelId}.json`)
  const before = readPromised(path, paid)
  let now = before
  const keep = (next: Promised) => {
    now = next
    return writePromised(path, next)
  }
  return {
    channel,
    async pay(price) {
      if (price > maxPrice) {
        throw new WitanError('REQUEST_PRICE_TOO_LOW', 'The miner charges more', {
          facts: { price: formatAmount(price), maxPrice: formatAmount(maxPrice) },
        })
      }
      const cumulative = before.owed + price
      if (cumulative > deposit) {
        throw new WitanError('VOUCHER_INVALID', 'The deposit does not cover another answer', {
          facts: {
            channelId,
            owed: formatAmount(before.owed),
            price: formatAmount(price),
            deposit: formatAmount(deposit),
          },
        })
      }
      // Kept before it is sent: a voucher that is out can be settled.
      await keep({ ...before, owed: cumulative })
      return signVoucher(
        { channelId, cumulative, receiptDigest: before.receiptDigest },
        signer,
        client.payments.domain(),
      )
    },
    settled: (receipt) =>
      keep({ owed: before.owed + receipt.price, receiptDigest: bytesToHex(receiptStructHash(receipt)) }),
    async failed(error) {
      // Whoever asks in turn tells the last miner's reason as the cause.
      const reason = isWitanError(error, 'MINER_NOT_FOUND') && error.cause !== undefined ? error.cause : error
      const mayHaveWorked =
        !isWitanError(reason) || UNCERTAIN.includes(reason.code) || reason.code.startsWith('RECEIPT_')
      if (now !== before && !mayHaveWorked) await keep(before)
    },
  }
}

/** What the contract paid was promised, whatever this machine remembers. */
function readPromised(path: string, paid: bigint): Promised {
  if (!existsSync(path)) return { owed: paid, receiptDigest: ZERO_DIGEST }
  const { owed, receiptDigest } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
  if (typeof owed !== 'string' || !/^\d+$/.test(owed) || typeof receiptDigest !== 'string' || !isHex(receiptDigest)) {
    throw new WitanError('FILE_UNREADABLE', 'The file of a channel is damaged', { facts: { path, reason: 'fields' } })
  }
  const kept = BigInt(owed)
  return { owed: kept > paid ? kept : paid, receiptDigest }
}

function writePromised(path: string, { owed, receiptDigest }: Promised): Promise<void> {
  const text = `${JSON.stringify({ owed: `${owed}`, receiptDigest })}\n`
  return writeFileAtomic(path, text, { mode: 0o600, overwrite: true })
}
