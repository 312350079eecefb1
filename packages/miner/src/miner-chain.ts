import type { LastSettled, Neuron, Subnet } from '@witan/chain'

/** What a miner reads from the chain; the chain client has all of it. */
export interface MinerChain {
  readonly subnets: {
    subnet(netuid: number): Promise<Pick<Subnet, 'modelVersions' | 'parameters'>>
    neurons(netuid: number): Promise<readonly Neuron[]>
  }
  readonly consensus: {
    lastSettled(netuid: number): Promise<Pick<LastSettled, 'endsAt' | 'permits'> | undefined>
  }
}
