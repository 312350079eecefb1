import type { Address } from '@witan/protocol'
import type { ReadOptions } from '../../abi/contract.js'
import type { CompanionContracts } from '../../network/companions.js'

export function readVotes({ votes }: Pick<CompanionContracts, 'votes'>) {
  return {
    /** Wei of stake that votes as the account says: its own or delegated to it. */
    votesOf: (account: Address, options?: ReadOptions): Promise<bigint> => votes.read('getVotes', [account], options),

    /** Who votes with the account's stake: itself, unless it delegated. */
    async delegateOf(account: Address, options?: ReadOptions): Promise<Address> {
      const delegatee = await votes.read('delegates', [account], options)
      return BigInt(delegatee) === 0n ? account : delegatee
    },
  }
}
