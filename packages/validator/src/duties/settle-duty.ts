import { isWorthSettling } from '@witan/chain'
import { type Address, type ErrorCode, isWitanError } from '@witan/protocol'
import type { Duty, DutyTurn } from '../epoch/duty.js'
import { settlePhase, settleTurn } from '../epoch/phases.js'
import type { Transactions, ValidatorChain } from '../validator-chain.js'

export interface SettleOptions {
  readonly netuid: number
  readonly operator: Address
}

export interface SettleModules {
  readonly chain: Pick<ValidatorChain, 'subnets' | 'consensus' | 'vault' | 'settleInputs' | 'intents'>
  readonly transactions: Transactions
  onSettled(epoch: number, byUs: boolean): void
}

/** Others were first, or the window has closed: both normal, both final. */
const SETTLED_OR_VOID: readonly ErrorCode[] = ['ALREADY_SETTLED', 'EPOCH_VOID']

/** Takes the snapshot of the epoch and settles it, each when nobody else has and our turn has come. */
export function createSettleDuty({ netuid, operator }: SettleOptions, modules: SettleModules): Duty {
  const { chain, transactions, onSettled } = modules

  /** Unix seconds from which we may settle, or undefined when there is nothing to settle. */
  const turnOf = async ({ epoch, window }: DutyTurn): Promise<number | undefined> => {
    const [neurons, voters] = await Promise.all([chain.subnets.neurons(netuid), chain.consensus.voters(netuid, epoch)])
    const nodeIds = neurons.map(({ nodeId }) => nodeId)
    if (!isWorthSettling(await chain.vault.stakesAt(nodeIds, window.startsAt))) return undefined
    const own = neurons.find((neuron) => neuron.operator === operator)
    const position = voters.indexOf(own?.uid ?? -1)
    // Whoever has no permit comes last.
    return settleTurn(window, epoch, position === -1 ? voters.length : position, voters.length + 1)
  }

  const takeSnapshot = async ({ epoch, window, now, signal }: DutyTurn): Promise<void> => {
    if ((await chain.consensus.lastSnapshot(netuid)) === epoch) return
    try {
      await transactions.submit(chain.intents.snapshot(netuid, epoch), {
        idempotenceKey: `snapshot:${netuid}:${epoch}`,
        deadlineMs: (window.settleEndsAt - now) * 1000,
        signal,
      })
    } catch (error) {
      if (!isWitanError(error, 'ALREADY_SNAPSHOTTED')) throw error
    }
  }

  const settle = async ({ epoch, window, now, signal }: DutyTurn): Promise<void> => {
    const { snapshot, votes } = await chain.settleInputs(netuid, epoch, signal)
    try {
      await transactions.submit(chain.intents.settle({ netuid, epoch, snapshot, votes }), {
        idempotenceKey: `settle:${netuid}:${epoch}`,
        deadlineMs: (window.settleEndsAt - now) * 1000,
        signal,
      })
      onSettled(epoch, true)
    } catch (error) {
      if (!isWitanError(error) || !SETTLED_OR_VOID.includes(error.code)) throw error
      if (error.code === 'ALREADY_SETTLED') onSettled(epoch, false)
    }
  }

  return {
    name: 'settle',
    phase: settlePhase,
    async run(turn) {
      const last = await chain.consensus.lastSettled(netuid)
      if (last !== undefined && last.epoch >= turn.epoch) {
        onSettled(last.epoch, false)
        return 'done'
      }
      const turnAt = await turnOf(turn)
      if (turnAt === undefined) return 'done'
      if (turn.now < turnAt) return { notBefore: turnAt }
      try {
        await takeSnapshot(turn)
      } catch (error) {
        if (isWitanError(error, 'EPOCH_VOID')) return 'done'
        throw error
      }
      await settle(turn)
      return 'done'
    },
  }
}
