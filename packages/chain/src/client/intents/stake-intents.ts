import type { Address } from '@witan/protocol'
import { formatAmount } from '../../amount.js'
import type { Intent } from '../../intent.js'
import type { Contracts } from '../../network/contracts.js'
import { type Permit, splitSignature } from '../permit.js'
import { makeIntent } from './make-intent.js'

export function stakeIntents({ vault, emission }: Contracts) {
  return {
    /** Needs an allowance of the vault. */
    stake: (nodeId: bigint, amountWei: bigint): Intent =>
      makeIntent(vault, 'stake', [nodeId, amountWei], `stake ${formatAmount(amountWei)} tokens on node ${nodeId}`),

    /** As `stake`, with the allowance signed by the sender instead of sent before. */
    stakeWithPermit: (nodeId: bigint, amountWei: bigint, { deadline, signature }: Permit): Intent => {
      const { v, r, s } = splitSignature(signature)
      const args = [nodeId, amountWei, BigInt(deadline), v, r, s] as const
      return makeIntent(vault, 'stakeWithPermit', args, `stake ${formatAmount(amountWei)} tokens on node ${nodeId}`)
    },

    requestUnstake: (nodeId: bigint, shares: bigint): Intent =>
      makeIntent(
        vault,
        'requestUnstake',
        [nodeId, shares],
        `begin to unbond ${formatAmount(shares)} shares of node ${nodeId}`,
      ),

    /** Moves shares to another node without unbonding. */
    redelegate: (fromNode: bigint, toNode: bigint, shares: bigint): Intent =>
      makeIntent(
        vault,
        'redelegate',
        [fromNode, toNode, shares],
        `move ${formatAmount(shares)} shares of node ${fromNode} to node ${toNode}`,
      ),

    withdraw: (requestId: bigint): Intent =>
      makeIntent(vault, 'withdraw', [requestId], `withdraw unbonded stake of request ${requestId}`),

    withdrawAll: (requestIds: readonly bigint[]): Intent =>
      makeIntent(
        vault,
        'withdrawAll',
        [[...requestIds]],
        `withdraw unbonded stake of requests ${requestIds.join(', ')}`,
      ),

    /** Basis points of a pool's dividends that go to the node's owner. */
    setTake: (nodeId: bigint, takeBps: number): Intent =>
      makeIntent(vault, 'setTake', [nodeId, takeBps], `set the take of node ${nodeId} to ${takeBps / 100} %`),

    /** Pulls a pool's accrued dividends into it. */
    sync: (nodeId: bigint): Intent =>
      makeIntent(vault, 'sync', [nodeId], `bring the pool of node ${nodeId} up to date`),

    /** Counts an account's stake on a node again: for votes, and to take what it owes. */
    syncVotes: (account: Address, nodeId: bigint): Intent =>
      makeIntent(vault, 'syncVotes', [account, nodeId], `count the stake of ${account} on node ${nodeId} again`),

    /** Incentive and take of the nodes in all their subnets. */
    claimAll: (nodeIds: readonly bigint[]): Intent =>
      makeIntent(emission, 'claimAll', [[...nodeIds]], `claim all earnings of ${nodeIds.length} nodes`),

    /** What the sender earned by settling epochs. */
    claimBounty: (): Intent => makeIntent(emission, 'claimBounty', [], "claim the sender's bounties"),

    claim: (netuid: number, nodeIds: readonly bigint[]): Intent =>
      makeIntent(
        emission,
        'claim',
        [netuid, [...nodeIds]],
        `claim the earnings of ${nodeIds.length} nodes in subnet ${netuid}`,
      ),

    claimOwnerCut: (netuid: number): Intent =>
      makeIntent(emission, 'claimOwnerCut', [netuid], `claim the owner's part of subnet ${netuid}`),
  }
}
