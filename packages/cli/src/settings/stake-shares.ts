import type { ChainClient } from '@witan/chain'
import { type Address, WitanError } from '@witan/protocol'
import { option, toggle, usageError } from '../command/option.js'
import { asPositiveAmount } from '../command/parse.js'
import { formatTokens } from '../output/numbers.js'

/** How much of a position: an amount, or all of it. */
export const portionOptions = {
  amount: option.optional('--amount <tokens>', 'how much', asPositiveAmount),
  all: toggle('--all', 'the whole position'),
} as const

export interface Portion {
  readonly amount: bigint | undefined
  readonly all: boolean
}

/** The shares that a portion of an account's stake is, and what they are worth. Throws `INSUFFICIENT_STAKE`. */
export async function sharesOf(
  client: ChainClient,
  { nodeId, account }: { readonly nodeId: bigint; readonly account: Address },
  { amount, all }: Portion,
): Promise<{ shares: bigint; amountWei: bigint }> {
  if ((amount === undefined) === !all) throw usageError('Give either --amount or --all')
  const [held, heldWei] = await Promise.all([
    client.vault.sharesOf(nodeId, account),
    client.vault.assetsOf(nodeId, account),
  ])
  const wanted = amount ?? heldWei
  if (wanted > heldWei || held === 0n) {
    throw new WitanError('INSUFFICIENT_STAKE', 'The account has less stake on the node', {
      facts: { nodeId, account, requested: formatTokens(wanted, 18), held: formatTokens(heldWei, 18) },
    })
  }
  const shares = amount === undefined ? held : await client.vault.toSharesDown(nodeId, amount)
  return { shares, amountWei: wanted }
}
