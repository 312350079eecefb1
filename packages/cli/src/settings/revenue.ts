import type { ChainClient, RevenueKey } from '@witan/chain'
import type { Address } from '@witan/protocol'
import { mapOf } from '@witan/runtime'
import type { CommandContext } from '../command/context.js'
import { formatTokens } from '../output/numbers.js'

/** Up to a billionth of a token it is the rounding of a division, which no transaction is worth. */
export const DUST_WEI = 10n ** 9n

/** Revenue that waits to be distributed. */
export interface PendingRevenue extends RevenueKey {
  readonly pendingWei: bigint
}

/** What waits for the validators of a subnet. */
export interface WaitingPot {
  readonly netuid: number
  readonly potWei: bigint
}

/** What an account can withdraw. */
export interface OwedRevenue {
  /** Of payments for models: as creator, owner of a data set, validator or treasury. */
  readonly revenueWei: bigint
  /** Of data sets: orders, royalties, bonds and rewards. */
  readonly creditWei: bigint
}

/** All but dust, the most first. */
export async function pendingRevenue(client: ChainClient, { signal }: CommandContext): Promise<PendingRevenue[]> {
  const { keys } = await client.paidIn({ signal })
  const all = await mapOf(keys, async (key) => {
    return { ...key, pendingWei: await client.payments.pendingRevenue(key, { signal }) }
  })
  return all.filter(({ pendingWei }) => pendingWei > DUST_WEI).sort((a, b) => (a.pendingWei > b.pendingWei ? -1 : 1))
}

/** All but dust. */
export async function waitingPots(client: ChainClient, { signal }: CommandContext): Promise<WaitingPot[]> {
  const { keys } = await client.paidIn({ signal })
  const netuids = [...new Set(keys.map(({ netuid }) => netuid))].sort((a, b) => a - b)
  const all = await mapOf(netuids, async (netuid) => {
    return { netuid, potWei: await client.payments.potOf(netuid, { signal }) }
  })
  return all.filter(({ potWei }) => potWei > DUST_WEI)
}

export async function owedRevenue(
  { payments, datasets }: ChainClient,
  account: Address,
  { signal }: CommandContext,
): Promise<OwedRevenue> {
  const [revenueWei, creditWei] = await Promise.all([
    payments.owedTo(account, { signal }),
    datasets.creditOf(account, { signal }),
  ])
  return { revenueWei, creditWei }
}

export function pendingLine({ nodeId, modelId, netuid, pendingWei }: PendingRevenue): string {
  return `  node ${nodeId}, model ${modelId}, subnet ${netuid}: ${formatTokens(pendingWei, 9)}`
}

export const potLine = ({ netuid, potWei }: WaitingPot): string =>
  `  validators of subnet ${netuid}: ${formatTokens(potWei, 9)}`

export function owedLines({ revenueWei, creditWei }: OwedRevenue): string[] {
  return [
    ...(revenueWei > 0n ? [`  revenue: ${formatTokens(revenueWei, 9)}`] : []),
    ...(creditWei > 0n ? [`  data sets: ${formatTokens(creditWei, 9)}`] : []),
  ]
}
