import { type Intent, type Payoff, paysOff, type RevenueKey } from '@witan/chain'
import { mapOf } from '@witan/runtime'
import { DUST_WEI } from '../settings/revenue.js'
import type { ErrandRunner } from './errand.js'
import { costOf, gasPriceOf, type KeeperChain, type KeeperRules, type KeeperSender } from './keeper-chain.js'

/** Nobody pays the keeper for it: whoever gets the revenue bears at most this part of it in gas. */
const REVENUE_TIMES_GAS = 20
/** Blocks that are read again: a replaced one may have had a payment. */
const REREAD_BLOCKS = 64
/** No transaction takes less gas: what is not worth this is not tried. */
const LEAST_GAS = 21_000

/** Whether revenue is worth the gas of handing it out; always above dust, where no price of the token is known. */
export function handOutWhenWorthIt(revenueWei: bigint, cost: Omit<Payoff, 'rewardWei'> | undefined): boolean {
  if (revenueWei <= DUST_WEI) return false
  return cost === undefined || paysOff({ rewardWei: revenueWei, ...cost }, REVENUE_TIMES_GAS)
}

export interface RevenueModules {
  readonly chain: Pick<KeeperChain, 'payments' | 'paidIn' | 'lastPay' | 'intents' | 'simulate' | 'rpc'>
  readonly sender: KeeperSender
  readonly rules: KeeperRules
  readonly run: ErrandRunner
}

/** Once an epoch and subnet: distributes what came in, and pays the validators by the epoch that was settled last. */
export function createRevenueKeeper({ chain, sender, rules, run }: RevenueModules) {
  const { payments, intents } = chain
  /** For whom something may wait. Anybody may pay in, so what holds next to nothing is forgotten until more comes. */
  const keys = new Map<string, RevenueKey>()
  let readTo: number | undefined

  const refresh = async (signal: AbortSignal) => {
    const fromBlock = readTo === undefined ? {} : { fromBlock: Math.max(0, readTo - REREAD_BLOCKS) }
    const found = await chain.paidIn({ ...fromBlock, signal })
    for (const key of found.keys) keys.set(placeOf(key), key)
    readTo = found.toBlock
  }

  /** The call, if what it hands out is worth it. */
  const worthwhile = async (revenueWei: bigint, intent: () => Promise<Intent>, signal: AbortSignal) => {
    if (!handOutWhenWorthIt(revenueWei, undefined)) return undefined
    const { tokenPriceWei } = rules
    if (tokenPriceWei === undefined) return intent()
    const least = { tokenPriceWei, gas: LEAST_GAS, gasPriceWei: await gasPriceOf(chain, signal) }
    if (!handOutWhenWorthIt(revenueWei, least)) return undefined
    const call = await intent()
    const cost = await costOf(chain, call, sender, signal)
    return handOutWhenWorthIt(revenueWei, { tokenPriceWei, ...cost }) ? call : undefined
  }

  const pendingOf = async (netuid: number, signal: AbortSignal) => {
    const ofSubnet = [...keys].filter(([, key]) => key.netuid === netuid)
    const read = await mapOf(ofSubnet, async ([of, key]) => {
      return { of, key, pendingWei: await payments.pendingRevenue(key, { signal }) }
    })
    for (const { of, pendingWei } of read) if (pendingWei <= DUST_WEI) keys.delete(of)
    return read.filter(({ pendingWei }) => pendingWei > DUST_WEI)
  }

  return async (netuid: number, epoch: number, signal: AbortSignal): Promise<void> => {
    await refresh(signal)
    for (const { of, key, pendingWei } of await pendingOf(netuid, signal)) {
      const prepare = () => worthwhile(pendingWei, async () => intents.distributeRevenue(key), signal)
      await run({ name: 'distribute', of, key: `${of}:${epoch}`, prepare }, signal)
    }
    const intent = async () => intents.payValidators(netuid, await chain.lastPay(netuid, signal))
    const prepare = async () => worthwhile(await payments.potOf(netuid, { signal }), intent, signal)
    await run({ name: 'pay-validators', of: String(netuid), key: `${netuid}:${epoch}`, prepare }, signal)
  }
}

const placeOf = ({ netuid, nodeId, modelId }: RevenueKey): string => `${netuid}:${nodeId}:${modelId}`
