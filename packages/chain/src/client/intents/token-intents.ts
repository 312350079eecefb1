import type { Address, Hex } from '@witan/protocol'
import { formatAmount } from '../../amount.js'
import type { Intent } from '../../intent.js'
import type { Contracts } from '../../network/contracts.js'
import { makeIntent } from './make-intent.js'

/** Contracts that take tokens by allowance. */
export type Spender = 'subnets' | 'vault' | 'channels' | 'splitter' | 'datasets' | 'court'

export function tokenIntents({ token, subnets, vault, channels, splitter, datasets, court }: Contracts) {
  const addressOf = {
    subnets: subnets.address,
    vault: vault.address,
    channels: channels.address,
    splitter: splitter.address,
    datasets: datasets.address,
    court: court.address,
  }
  return {
    approve: (spender: Spender, amountWei: bigint): Intent =>
      makeIntent(
        token,
        'approve',
        [addressOf[spender], amountWei],
        `allow ${spender} to take ${formatAmount(amountWei)} tokens`,
      ),

    transfer: (to: Address, amountWei: bigint): Intent =>
      makeIntent(token, 'transfer', [to, amountWei], `send ${formatAmount(amountWei)} tokens to ${to}`),

    /** The chain's own coin, for gas. */
    sendCoin: (to: Address, amountWei: bigint): Intent => ({
      to,
      data: '0x' as Hex,
      valueWei: amountWei,
      description: `send ${formatAmount(amountWei)} of the chain's coin to ${to}`,
      call: { contract: 'coin', method: 'transfer', args: { to, amountWei } },
    }),
  }
}
