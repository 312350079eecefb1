import type { ChainClient, Intent, Sender } from '@witan/chain'

/** What a keeper needs of the chain. */
export type KeeperChain = Pick<
  ChainClient,
  | 'latestBlock'
  | 'closingEpoch'
  | 'subnets'
  | 'consensus'
  | 'money'
  | 'governance'
  | 'payments'
  | 'models'
  | 'paidIn'
  | 'lastPay'
  | 'intents'
  | 'settleInputs'
  | 'simulate'
  | 'rpc'
>

export type KeeperSender = Pick<Sender, 'submit' | 'stateOf' | 'address'>

export interface KeeperRules {
  /** Wei of the chain's coin that a token is worth; undefined: act whatever it costs. */
  readonly tokenPriceWei: bigint | undefined
  /** Refuse a transaction that may cost more, wei. */
  readonly maxCostWei: bigint | undefined
  /** Whether pools are synced as well. */
  readonly sync: boolean
  /** Whether only epochs are settled, and nothing is done that has no bounty. */
  readonly epochsOnly: boolean
}

/** What an intent would cost to send now. */
export interface Cost {
  readonly gas: number
  readonly gasPriceWei: bigint
}

/** Throws the contract's coded error when the call would revert. */
export async function costOf(
  chain: Pick<KeeperChain, 'simulate' | 'rpc'>,
  intent: Intent,
  { address }: KeeperSender,
  signal: AbortSignal,
): Promise<Cost> {
  const [[call], gasPrice] = await Promise.all([chain.simulate([intent], address, signal), gasPriceOf(chain, signal)])
  return { gas: call!.gasUsed, gasPriceWei: gasPrice }
}

/** Wei of the chain's coin for a unit of gas. */
export async function gasPriceOf({ rpc }: Pick<KeeperChain, 'rpc'>, signal: AbortSignal): Promise<bigint> {
  return BigInt(await rpc.request<string>('eth_gasPrice', [], { signal }))
}
