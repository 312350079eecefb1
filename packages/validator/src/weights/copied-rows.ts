import { type Address, unpackRow } from '@witan/protocol'
import type { ValidatorChain } from '../validator-chain.js'
import type { RowSource } from './row-source.js'

/**
 * The copier's source: the row that the largest other voter revealed last, which by commit–reveal is one of the epoch
 * before. For local networks, which must show that it earns less.
 */
export function createCopiedRows(
  { netuid, operator }: { netuid: number; operator: Address },
  { chain }: { chain: Pick<ValidatorChain, 'subnets' | 'settleInputs'> },
): RowSource {
  return {
    async rowFor(epoch, signal) {
      if (epoch === 0) return undefined
      const neurons = await chain.subnets.neurons(netuid)
      const { voters, votes } = await chain.settleInputs(netuid, epoch - 1, signal)
      const stakeOf = new Map(neurons.map(({ uid, stake }) => [uid, stake]))
      const ownUid = neurons.find((neuron) => neuron.operator === operator)?.uid
      const [largest] = voters
        .map((uid, index) => {
          const row = votes.rows.slice(index * votes.rowWords, (index + 1) * votes.rowWords)
          return { uid, row, hasVoted: votes.committedAt[index] !== 0n, stake: stakeOf.get(uid) ?? 0n }
        })
        .filter(({ uid, hasVoted }) => uid !== ownUid && hasVoted)
        .sort((a, b) => Number(b.stake > a.stake) - Number(b.stake < a.stake))
      return largest && unpackRow(largest.row, neurons.length)
    },
  }
}
