import type { Hex } from '@witan/protocol'
import type { Intent } from '../../intent.js'
import type { Contracts } from '../../network/contracts.js'
import type { SettleInputs } from '../settle-inputs.js'
import { makeIntent } from './make-intent.js'

export interface Reveal {
  readonly netuid: number
  readonly epoch: number
  readonly version: bigint
  readonly packedRow: readonly bigint[]
  readonly evidenceRoot: Hex
  readonly salt: Hex
}

export interface Settlement extends Pick<SettleInputs, 'snapshot' | 'votes'> {
  readonly netuid: number
  readonly epoch: number
}

export function consensusIntents({ consensus }: Contracts) {
  return {
    commit: (netuid: number, epoch: number, commitment: Hex): Intent =>
      makeIntent(
        consensus,
        'commit',
        [netuid, BigInt(epoch), commitment],
        `commit to weights of epoch ${epoch} in subnet ${netuid}`,
      ),

    reveal: ({ netuid, epoch, version, packedRow, evidenceRoot, salt }: Reveal): Intent =>
      makeIntent(
        consensus,
        'reveal',
        [netuid, BigInt(epoch), version, [...packedRow], evidenceRoot, salt],
        `reveal weights of epoch ${epoch} in subnet ${netuid}`,
      ),

    snapshot: (netuid: number, epoch: number): Intent =>
      makeIntent(
        consensus,
        'snapshot',
        [netuid, BigInt(epoch)],
        `take the snapshot of epoch ${epoch} in subnet ${netuid}`,
      ),

    settle: ({ netuid, epoch, snapshot, votes }: Settlement): Intent =>
      makeIntent(
        consensus,
        'settle',
        [netuid, BigInt(epoch), snapshot, votes],
        `settle epoch ${epoch} of subnet ${netuid}`,
      ),
  }
}
