import { type Intent, paysOff } from '@witan/chain'
import { isWitanError } from '@witan/protocol'
import { costOf, type KeeperChain, type KeeperRules, type KeeperSender } from './keeper-chain.js'

export interface CollectModules {
  readonly chain: KeeperChain
  readonly sender: KeeperSender
  readonly rules: KeeperRules
  onAction(action: 'claim' | 'sync', epoch: number): void
}

/** A bounty waits until several epochs make up for the gas of the claim. */
const CLAIM_TIMES_GAS = 10

/** After an epoch is settled: claims the keeper's own bounties and, where asked to, hands pools their rewards. */
export async function collect(netuid: number, epoch: number, modules: CollectModules, signal: AbortSignal) {
  const { chain, sender, rules, onAction } = modules
  const bountyWei = await chain.money.bounties(sender.address, { signal })
  const claim = { key: `claim-bounty:${netuid}:${epoch}`, intent: chain.intents.claimBounty(), rewardWei: bountyWei }
  if (await sendIfWorth(claim, CLAIM_TIMES_GAS, modules, signal)) onAction('claim', epoch)
  if (!rules.sync) return
  for (const { nodeId } of await chain.subnets.neurons(netuid, { signal })) {
    if (nodeId === 0n) continue
    const rewardWei = await chain.money.poolAccrued(nodeId, { signal })
    const sync = { key: `sync:${nodeId}:${netuid}:${epoch}`, intent: chain.intents.sync(nodeId), rewardWei }
    if (await sendIfWorth(sync, 1, modules, signal)) onAction('sync', epoch)
  }
}

interface Errand {
  readonly key: string
  readonly intent: Intent
  readonly rewardWei: bigint
}

async function sendIfWorth(
  { key: idempotenceKey, intent, rewardWei }: Errand,
  times: number,
  { chain, sender, rules: { tokenPriceWei, maxCostWei } }: CollectModules,
  signal: AbortSignal,
): Promise<boolean> {
  if (rewardWei === 0n) return false
  try {
    if (tokenPriceWei !== undefined) {
      const cost = await costOf(chain, intent, sender, signal)
      if (!paysOff({ rewardWei, tokenPriceWei, ...cost }, times)) return false
    }
    await sender.submit(intent, { idempotenceKey, signal, ...(maxCostWei !== undefined && { maxCostWei }) })
    return true
  } catch (error) {
    // What it costs may fall again; the next epoch asks again.
    if (isWitanError(error, 'COST_CAP_EXCEEDED')) return false
    throw error
  }
}
