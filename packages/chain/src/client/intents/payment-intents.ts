import type { Address, Hex, SignedVoucher } from '@witan/protocol'
import { formatAmount } from '../../amount.js'
import type { Intent } from '../../intent.js'
import type { Contracts } from '../../network/contracts.js'
import { type Permit, splitSignature } from '../permit.js'
import { makeIntent } from './make-intent.js'
import type { LastPay } from './subnet-intents.js'

export interface NewChannel {
  readonly nodeId: bigint
  readonly netuid: number
  readonly modelId: bigint
  readonly amountWei: bigint
}

/** Revenue of a node and a model in a subnet. */
export interface RevenueKey {
  readonly netuid: number
  readonly nodeId: bigint
  readonly modelId: bigint
}

export function paymentIntents({ channels, splitter, vault }: Contracts) {
  const opens = ({ nodeId, netuid, modelId, amountWei }: NewChannel) =>
    `open a channel of ${formatAmount(amountWei)} tokens to node ${nodeId} for model ${modelId} in subnet ${netuid}`
  return {
    /** Needs an allowance of the channels. */
    openChannel: (channel: NewChannel): Intent => {
      const { nodeId, netuid, modelId, amountWei } = channel
      return makeIntent(channels, 'open', [nodeId, netuid, modelId, amountWei], opens(channel))
    },

    /** As `openChannel`, with the allowance signed by the sender instead of sent before. */
    openChannelWithPermit: (channel: NewChannel, { deadline, signature }: Permit): Intent => {
      const { nodeId, netuid, modelId, amountWei } = channel
      const { v, r, s } = splitSignature(signature)
      const args = [nodeId, netuid, modelId, amountWei, BigInt(deadline), v, r, s] as const
      return makeIntent(channels, 'openWithPermit', args, opens(channel))
    },

    /** Needs an allowance of the channels. */
    topUpChannel: (channelId: Hex, amountWei: bigint): Intent =>
      makeIntent(channels, 'topUp', [channelId, amountWei], `add ${formatAmount(amountWei)} tokens to ${channelId}`),

    settleVoucher: ({ voucher, signature }: SignedVoucher): Intent =>
      makeIntent(
        channels,
        'settle',
        [voucher, signature],
        `settle ${formatAmount(voucher.cumulative)} tokens of ${voucher.channelId}`,
      ),

    settleVouchers: (vouchers: readonly SignedVoucher[]): Intent =>
      makeIntent(channels, 'settleMany', [[...vouchers]], `settle ${vouchers.length} vouchers`),

    requestChannelClose: (channelId: Hex): Intent =>
      makeIntent(channels, 'requestClose', [channelId], `begin to close ${channelId}`),

    withdrawChannel: (channelId: Hex): Intent =>
      makeIntent(channels, 'withdraw', [channelId], `take out what is left in ${channelId}`),

    /** Splits what came in among those whom it pays. */
    distributeRevenue: ({ netuid, nodeId, modelId }: RevenueKey): Intent =>
      makeIntent(
        splitter,
        'distribute',
        [netuid, nodeId, modelId],
        `distribute the revenue of node ${nodeId} for model ${modelId} in subnet ${netuid}`,
      ),

    /** @param lastPay as `ChainClient.lastPay` reads it */
    payValidators: (netuid: number, lastPay: LastPay): Intent =>
      makeIntent(splitter, 'payValidators', [netuid, lastPay], `pay the validators of subnet ${netuid} their part`),

    sweepPot: (netuid: number): Intent =>
      makeIntent(splitter, 'sweepPot', [netuid], `credit the treasury with the stale pot of subnet ${netuid}`),

    withdrawRevenue: (account: Address): Intent =>
      makeIntent(splitter, 'withdraw', [account], `pay ${account} its part of revenue`),

    /** Needs an allowance of the vault. */
    rewardPool: (nodeId: bigint, amountWei: bigint): Intent =>
      makeIntent(
        vault,
        'rewardPool',
        [nodeId, amountWei],
        `pay ${formatAmount(amountWei)} tokens into the pool of node ${nodeId}`,
      ),
  }
}
