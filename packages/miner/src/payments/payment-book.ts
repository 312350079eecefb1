import type { Channel } from '@witan/chain'
import { type Address, checkVoucher, type Domain, type Hex, WitanError, ZERO_DIGEST } from '@witan/protocol'
import type { Clock } from '@witan/runtime'
import type { InferCall } from '../serving/infer-call.js'
import type { VoucherJournal } from './voucher-journal.js'

export interface PaymentBookOptions {
  readonly netuid: number
  /** The model that channels must pay for, as the registry numbers it; 0: none. */
  readonly modelId: bigint
  /** Wei of an answer; 0: free for all. */
  readonly price: bigint
  /** Of the PaymentChannels contract. */
  readonly domain: Domain
}

export interface PaymentBookModules {
  readonly journal: VoucherJournal
  channel(channelId: Hex): Promise<Channel>
  /** Who is answered free of charge. */
  isFree(operator: Address): boolean
  readonly clock: Pick<Clock, 'monotonicMs'>
}

/** A promise that a call is paid. Exactly one of the two ends it. */
export interface Charge {
  readonly price: bigint
  /** Zero: nothing is paid. */
  readonly channelId: Hex
  /** The answer is about to be signed. */
  deliver(): void
  /** There is none: the next call may be paid by the same voucher. */
  release(): void
}

export interface PaymentBook {
  /** Channels must pay this node. */
  begin(nodeId: bigint): void
  /** Wei that an operator pays for an answer. */
  priceFor(operator: Address): bigint
  /**
   * Holds the voucher of a call against its channel and journals it, before any work. Throws `PAYMENT_REQUIRED`,
   * `VOUCHER_INVALID`, `CHANNEL_UNKNOWN` or `CHANNEL_CLOSING`.
   */
  charge(call: InferCall): Promise<Charge>
}

/** A channel is read again after this: closing takes a day, so a node learns of it in time. */
const CHANNEL_FRESH_MS = 10_000
/** Channels kept in memory. */
const MAX_KNOWN_CHANNELS = 4_096

const FREE: Charge = { price: 0n, channelId: ZERO_DIGEST, deliver: () => undefined, release: () => undefined }

interface Known {
  readonly channel: Channel
  readonly readAtMs: number
}

export function createPaymentBook(options: PaymentBookOptions, modules: PaymentBookModules): PaymentBook {
  const { netuid, modelId, price, domain } = options
  const { journal, isFree, clock } = modules
  const known = new Map<Hex, Known>()
  /** Wei of answers in progress, by channel. */
  const promised = new Map<Hex, bigint>()
  let node: bigint | undefined

  const read = async (channelId: Hex, cumulative: bigint): Promise<Channel> => {
    const found = known.get(channelId)
    const isFresh = found !== undefined && clock.monotonicMs() - found.readAtMs < CHANNEL_FRESH_MS
    // A voucher above the deposit that is known tells of a top-up.
    if (isFresh && cumulative <= found.channel.deposit) return found.channel
    const channel = await modules.channel(channelId)
    known.delete(channelId)
    known.set(channelId, { channel, readAtMs: clock.monotonicMs() })
    if (known.size > MAX_KNOWN_CHANNELS) known.delete(known.keys().next().value!)
    return channel
  }

  const checkTerms = (channelId: Hex, channel: Channel) => {
    const terms = [
      ['nodeId', channel.nodeId, node],
      ['netuid', channel.netuid, netuid],
      ['modelId', channel.modelId, modelId],
    ] as const
    for (const [field, actual, expected] of terms) {
      if (actual === expected) continue
      throw new WitanError('VOUCHER_INVALID', 'The channel of a voucher pays for something else', {
        facts: { field, channelId, actual: String(actual), expected: String(expected) },
      })
    }
    if (channel.closesAt === 0) return
    throw new WitanError('CHANNEL_CLOSING', 'The channel of a voucher is closing', {
      facts: { channelId, closesAt: channel.closesAt },
    })
  }

  const promise = (channelId: Hex, amount: bigint) => {
    const sum = (promised.get(channelId) ?? 0n) + amount
    if (sum === 0n) promised.delete(channelId)
    else promised.set(channelId, sum)
  }

  const priceFor = (operator: Address) => (price === 0n || isFree(operator) ? 0n : price)

  return {
    begin(nodeId) {
      node = nodeId
    },
    priceFor,
    async charge({ operator, request: { voucher: signed } }) {
      const charged = priceFor(operator)
      if (charged === 0n) return FREE
      if (signed === undefined) {
        throw new WitanError('PAYMENT_REQUIRED', 'The request has no voucher', { facts: { price: charged } })
      }
      const { channelId, cumulative } = signed.voucher
      const channel = await read(channelId, cumulative)
      checkTerms(channelId, channel)
      // From here on nothing is awaited: two calls cannot be paid by one voucher.
      const { owed, settled, ...best } = journal.find(channelId) ?? {
        ...signed,
        owed: channel.paid,
        settled: channel.paid,
      }
      const expected = { channelId, consumer: channel.consumer, deposit: channel.deposit }
      checkVoucher(signed, { ...expected, owed: owed + (promised.get(channelId) ?? 0n) + charged }, domain)
      if (channel.consumer !== operator) {
        throw new WitanError('VOUCHER_INVALID', 'The channel of a voucher is not of the peer that asks', {
          facts: { field: 'consumer', channelId, actual: operator, expected: channel.consumer },
        })
      }
      const better = cumulative > best.voucher.cumulative ? signed : best
      journal.save({ ...better, owed, settled })
      promise(channelId, charged)
      return {
        price: charged,
        channelId,
        deliver() {
          promise(channelId, -charged)
          const now = journal.find(channelId)!
          journal.save({ ...now, owed: now.owed + charged })
        },
        release: () => promise(channelId, -charged),
      }
    },
  }
}
