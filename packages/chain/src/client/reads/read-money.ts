import type { Address } from '@witan/protocol'
import type { Output, ReadOptions } from '../../abi/contract.js'
import type { Abis } from '../../abi/events.js'
import type { Contracts } from '../../network/contracts.js'
import { type Rpc, toBlockParameter } from '../../rpc/rpc.js'

/** Wei; scheduled = minted + notMinted + carried, minted = claimable + claimed + pooled. */
export type Supply = Output<Abis['Emission'], 'supply'>

export type MoneyReads = ReturnType<typeof readMoney>

export function readMoney({ token, emission }: Contracts, rpc: Rpc) {
  return {
    /** Tokens of an account, wei. */
    balance: (account: Address, options?: ReadOptions): Promise<bigint> => token.read('balanceOf', [account], options),

    /** The chain's own coin, which pays for gas, wei. */
    async coinBalance(account: Address, { block = 'latest', signal }: ReadOptions = {}): Promise<bigint> {
      return BigInt(await rpc.request<string>('eth_getBalance', [account, toBlockParameter(block)], { signal }))
    },

    totalSupply: (options?: ReadOptions): Promise<bigint> => token.read('totalSupply', [], options),

    /** Books of the emission, of one subnet or of all. */
    supply: (netuid?: number, options?: ReadOptions): Promise<Supply> =>
      netuid === undefined ? emission.read('supply', [], options) : emission.read('supplyOf', [netuid], options),

    /** Wei that the node's owner can claim in the subnet. */
    claimable: (netuid: number, nodeId: bigint, options?: ReadOptions): Promise<bigint> =>
      emission.read('claimable', [netuid, nodeId], options),

    /** Wei that the subnet's owner can claim. */
    ownerClaimable: (netuid: number, options?: ReadOptions): Promise<bigint> =>
      emission.read('ownerClaimable', [netuid], options),

    /** Wei that the account can claim for epochs it settled. */
    bounties: (settler: Address, options?: ReadOptions): Promise<bigint> =>
      emission.read('bounties', [settler], options),

    /** The most that settling an epoch earns, wei. */
    bountyCap: (options?: ReadOptions): Promise<bigint> => emission.read('bountyCap', [], options),

    /** What an epoch that ends at `endsAt` (unix seconds) and is not accounted yet has to split, wei. */
    async epochEmission(netuid: number, endsAt: number, options?: ReadOptions): Promise<bigint> {
      const [due, { scheduled, carried }] = await Promise.all([
        emission.read('dueAt', [netuid, endsAt], options),
        emission.read('supplyOf', [netuid], options),
      ])
      return due - scheduled + carried
    },

    /** Subnets in which the node earns or has something left to claim. */
    async subnetsOf(nodeId: bigint, options?: ReadOptions): Promise<number[]> {
      return [...(await emission.read('subnetsOf', [nodeId], options))]
    },

    /** Wei earned by the node's pool and not yet pulled into it. */
    poolAccrued: (nodeId: bigint, options?: ReadOptions): Promise<bigint> =>
      emission.read('poolAccrued', [nodeId], options),
  }
}
