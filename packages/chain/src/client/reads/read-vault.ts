import type { Address } from '@witan/protocol'
import type { Output, ReadOptions } from '../../abi/contract.js'
import type { Abis } from '../../abi/events.js'
import type { Contracts } from '../../network/contracts.js'

/** The stake pool of a node; the fields are those of `IStakeVault.Pool`, amounts in wei. */
export type StakePool = Output<Abis['StakeVault'], 'pool'>
export type UnstakeRequest = Output<Abis['StakeVault'], 'unstakeRequest'>

/** No node has this id. */
const NO_NODE = 0n

export type VaultReads = ReturnType<typeof readVault>

export function readVault({ vault, token }: Contracts) {
  return {
    pool: (nodeId: bigint, options?: ReadOptions): Promise<StakePool> => vault.read('pool', [nodeId], options),

    /** The node of an operator key, or undefined when it was never registered. */
    async nodeOf(operator: Address, options?: ReadOptions): Promise<bigint | undefined> {
      const nodeId = await vault.read('nodeOf', [operator], options)
      return nodeId === NO_NODE ? undefined : nodeId
    },

    /** Stake of the node that counts now, wei. */
    stakeOf: (nodeId: bigint, options?: ReadOptions): Promise<bigint> => vault.read('stakeOf', [nodeId], options),

    /** Stake of each node at a past moment (unix seconds), wei. */
    async stakesAt(nodeIds: readonly bigint[], timestamp: number, options?: ReadOptions): Promise<bigint[]> {
      return [...(await vault.read('stakesAt', [[...nodeIds], timestamp], options))]
    },

    sharesOf: (nodeId: bigint, account: Address, options?: ReadOptions): Promise<bigint> =>
      vault.read('sharesOf', [nodeId, account], options),

    /** What the account's shares are worth, wei. */
    assetsOf: (nodeId: bigint, account: Address, options?: ReadOptions): Promise<bigint> =>
      vault.read('assetsOf', [nodeId, account], options),

    /** The most shares that `assets` wei buy out. */
    toSharesDown: (nodeId: bigint, assets: bigint, options?: ReadOptions): Promise<bigint> =>
      vault.read('toSharesDown', [nodeId, assets], options),

    unstakeRequest: (requestId: bigint, options?: ReadOptions): Promise<UnstakeRequest> =>
      vault.read('unstakeRequest', [requestId], options),

    /** Seconds between a request and its payment. */
    unbondingSeconds: (options?: ReadOptions): Promise<number> => vault.read('unbonding', [], options),

    /** Wei that the vault may move of the account's tokens. */
    allowance: (owner: Address, options?: ReadOptions): Promise<bigint> =>
      token.read('allowance', [owner, vault.address], options),
  }
}
