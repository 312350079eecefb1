import type { Address } from '@witan/protocol'
import type { Output, ReadOptions } from '../../abi/contract.js'
import type { Abis } from '../../abi/events.js'
import type { Contracts } from '../../network/contracts.js'

/** The stake pool of a node; the fields are those of `IStakeVault.Pool`, amounts in wei. */
export type StakePool = Output<Abis['StakeVault'], 'pool'>
export type UnstakeRequest = Output<Abis['StakeVault'], 'unstakeRequest'>
/** Stake of an account on a node; assets in wei. */
export type StakePosition = Output<Abis['StakeVault'], 'positionsOf'>[number]

export interface NumberedRequest extends UnstakeRequest {
  readonly requestId: bigint
}

/** No node has this id. */
const NO_NODE = 0n
const PAGE = 64

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

    /** All positions of the account. */
    async positionsOf(account: Address, options?: ReadOptions): Promise<StakePosition[]> {
      // An account has at most 32.
      return [...(await vault.read('positionsOf', [account, 0n, BigInt(PAGE)], options))]
    },

    /** Requests of the account that were not paid yet, the oldest first. */
    async pendingRequests(account: Address, options?: ReadOptions): Promise<NumberedRequest[]> {
      const found: NumberedRequest[] = []
      for (let from = 0; ; from += PAGE) {
        const [ids, page] = await vault.read('requestsOf', [account, BigInt(from), BigInt(PAGE)], options)
        found.push(...page.map((request, index) => ({ requestId: ids[index]!, ...request })))
        if (page.length < PAGE) return found.filter(({ assets }) => assets > 0n)
      }
    },

    /** Wei that slashes of nodes it left cost the account, still to be taken. */
    debtOf: (account: Address, options?: ReadOptions): Promise<bigint> => vault.read('debtOf', [account], options),

    /** Wei of the account's stake on all nodes as last counted. */
    stakedOf: (account: Address, options?: ReadOptions): Promise<bigint> => vault.read('stakedOf', [account], options),

    /** Nodes of an owner, ascending. The vault keeps no list: every node is asked, by pages. */
    async ownedNodes(owner: Address, options?: ReadOptions): Promise<bigint[]> {
      const count = Number(await vault.read('nodeCount', [], options))
      const found: bigint[] = []
      for (let from = 1; from <= count; from += PAGE) {
        const ids = Array.from({ length: Math.min(PAGE, count - from + 1) }, (_, index) => BigInt(from + index))
        const owners = await Promise.all(ids.map((nodeId) => vault.read('ownerOf', [nodeId], options)))
        found.push(...ids.filter((_, index) => owners[index] === owner))
      }
      return found
    },

    /** Seconds for which stake that was moved to a node cannot move on. */
    moveLockSeconds: (options?: ReadOptions): Promise<number> => vault.read('moveLock', [], options),

    /** Seconds between a request and its payment. */
    unbondingSeconds: (options?: ReadOptions): Promise<number> => vault.read('unbonding', [], options),

    /** Wei that the vault may move of the account's tokens. */
    allowance: (owner: Address, options?: ReadOptions): Promise<bigint> =>
      token.read('allowance', [owner, vault.address], options),
  }
}
