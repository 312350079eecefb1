import type { Intent } from '../../intent.js'
import type { Contracts } from '../../network/contracts.js'
import { type Permit, splitSignature } from '../permit.js'
import { makeIntent } from './make-intent.js'

export function stakeIntents({ vault, emission }: Contracts) {
  return {
    /** Needs an allowance of the vault. */
    stake: (nodeId: bigint, amountWei: bigint): Intent =>
      makeIntent(vault, 'stake', [nodeId, amountWei], `stake ${amountWei} wei on node ${nodeId}`),

    /** As `stake`, with the allowance signed by the sender instead of sent before. */
    stakeWithPermit: (nodeId: bigint, amountWei: bigint, { deadline, signature }: Permit): Intent => {
      const { v, r, s } = splitSignature(signature)
      const args = [nodeId, amountWei, BigInt(deadline), v, r, s] as const
      return makeIntent(vault, 'stakeWithPermit', args, `stake ${amountWei} wei on node ${nodeId}`)
    },

    requestUnstake: (nodeId: bigint, shares: bigint): Intent =>
      makeIntent(vault, 'requestUnstake', [nodeId, shares], `begin to unbond ${shares} shares of node ${nodeId}`),

    withdraw: (requestId: bigint): Intent =>
      makeIntent(vault, 'withdraw', [requestId], `withdraw unbonded stake of request ${requestId}`),

    /** Basis points of a pool's dividends that go to the node's owner. */
    setTake: (nodeId: bigint, takeBps: number): Intent =>
      makeIntent(vault, 'setTake', [nodeId, takeBps], `set the take of node ${nodeId} to ${takeBps / 100} %`),

    /** Pulls a pool's accrued dividends into it. */
    sync: (nodeId: bigint): Intent =>
      makeIntent(vault, 'sync', [nodeId], `bring the pool of node ${nodeId} up to date`),

    claim: (netuid: number, nodeIds: readonly bigint[]): Intent =>
      makeIntent(
        emission,
        'claim',
        [netuid, [...nodeIds]],
        `claim the earnings of ${nodeIds.length} nodes in subnet ${netuid}`,
      ),

    /** Pays what the sender earned by settling epochs. */
    claimBounty: (): Intent => makeIntent(emission, 'claimBounty', [], 'claim the bounties of settled epochs'),

    claimOwnerCut: (netuid: number): Intent =>
      makeIntent(emission, 'claimOwnerCut', [netuid], `claim the owner's part of subnet ${netuid}`),
  }
}
