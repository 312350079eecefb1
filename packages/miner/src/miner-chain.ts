import type { Acceptance, Channel, LastSettled, Neuron, Subnet } from '@witan/chain'
import type { Domain, Hex, SignedVoucher } from '@witan/protocol'

/** What a miner reads from the chain; the chain client has all of it. */
export interface MinerChain {
  readonly subnets: {
    subnet(netuid: number): Promise<Pick<Subnet, 'parameters'>>
    neurons(netuid: number): Promise<readonly Neuron[]>
  }
  readonly models: { acceptedOn(netuid: number, signal?: AbortSignal): Promise<Acceptance> }
  readonly consensus: {
    lastSettled(netuid: number): Promise<Pick<LastSettled, 'endsAt' | 'permits'> | undefined>
  }
}

/** What a miner that charges needs of the chain. */
export interface PaymentChain {
  /** Of the PaymentChannels contract. */
  readonly domain: Domain
  /** Throws `CHANNEL_UNKNOWN`. */
  channel(channelId: Hex): Promise<Channel>
  /** Wei of the chain's coin for a unit of gas. */
  gasPrice(): Promise<bigint>
  /** Resolves when the batch is mined. */
  settle(vouchers: readonly SignedVoucher[]): Promise<void>
}
