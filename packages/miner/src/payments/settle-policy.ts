import { paysOff } from '@witan/chain'
import type { Hex } from '@witan/protocol'

/** A voucher that can be settled. */
export interface SettleableVoucher {
  readonly channelId: Hex
  /** Wei that it pays. */
  readonly worth: bigint
  /** Unix seconds from which the consumer may take the rest; 0: open. */
  readonly closesAt: number
}

export interface SettleFacts {
  /** Wei of the chain's coin for a unit of gas. */
  readonly gasPriceWei: bigint
}

/** Which vouchers to settle now, in one batch. A small pure function that the miner is given. */
export type SettlePolicy = (vouchers: readonly SettleableVoucher[], facts: SettleFacts) => readonly Hex[]

export interface SettleTerms {
  /** Wei of the chain's coin that one token is worth; absent: gas is worth any payment. */
  readonly tokenPriceWei: bigint | undefined
  /** A batch of open channels waits until it is worth this many times its gas. */
  readonly times: number
}

/** As the gas tests of the contract bound them: a transaction with its transfer, and a voucher in it. */
const BATCH_GAS = 80_000
const VOUCHER_GAS = 28_000
/** 2.9 million gas. */
const MAX_BATCH = 100

/** A closing channel is settled as soon as it is worth its own gas, all others when their batch is worth several times its. */
export function settleWhenWorthIt({ tokenPriceWei, times }: SettleTerms): SettlePolicy {
  return (vouchers, { gasPriceWei }) => {
    const isWorth = (rewardWei: bigint, gas: number, atLeast: number) =>
      tokenPriceWei === undefined || paysOff({ rewardWei, tokenPriceWei, gas, gasPriceWei }, atLeast)
    const byWorth = vouchers
      .filter(({ worth }) => worth > 0n && isWorth(worth, VOUCHER_GAS, 1))
      .sort((a, b) => (a.worth === b.worth ? 0 : a.worth > b.worth ? -1 : 1))
    const closing = byWorth.filter(({ closesAt }) => closesAt !== 0)
    const batch = [...closing, ...byWorth.filter(({ closesAt }) => closesAt === 0)].slice(0, MAX_BATCH)
    const worthOf = (some: readonly SettleableVoucher[], atLeast: number) =>
      isWorth(
        some.reduce((sum, { worth }) => sum + worth, 0n),
        BATCH_GAS + some.length * VOUCHER_GAS,
        atLeast,
      )
    if (batch.length > 0 && worthOf(batch, closing.length > 0 ? 1 : times))
      return batch.map(({ channelId }) => channelId)
    return []
  }
}
