import {
  type Address,
  bytesToHex,
  checkWeightRow,
  commitmentHash,
  isWitanError,
  limitWeights,
  packRow,
  WitanError,
  ZERO_DIGEST,
} from '@witan/protocol'
import type { Random } from '@witan/runtime'
import type { Duty } from '../epoch/duty.js'
import { commitPhase } from '../epoch/phases.js'
import type { CommitmentJournal, PlannedCommitment } from '../journal/commitment-journal.js'
import type { Transactions, ValidatorChain } from '../validator-chain.js'
import type { RowSource } from '../weights/row-source.js'

export interface CommitOptions {
  readonly netuid: number
  readonly operator: Address
  readonly chainId: number
  /** The Consensus contract. */
  readonly consensus: Address
}

export interface CommitModules {
  readonly chain: Pick<ValidatorChain, 'subnets' | 'intents'>
  readonly transactions: Transactions
  readonly journal: CommitmentJournal
  readonly rows: RowSource
  readonly random: Random
  onCommitted(epoch: number): void
}

const SALT_BYTES = 32
/** Of the scoring rules that this software follows; a subnet may require a later one. */
const WEIGHTS_VERSION = 0

/**
 * Commits the row of the epoch. The plan is journaled before anything is sent and never changes, so whatever crashes,
 * an epoch has one commitment. Without a row there is nothing to commit: the last one stands on chain.
 */
export function createCommitDuty(options: CommitOptions, modules: CommitModules): Duty {
  const { netuid, operator, chainId, consensus } = options
  const { chain, transactions, journal, rows, random, onCommitted } = modules

  const plan = async (epoch: number, signal: AbortSignal): Promise<PlannedCommitment | undefined> => {
    const judged = await rows.rowFor(epoch, signal)
    if (judged === undefined) return undefined
    const [neurons, { parameters }] = await Promise.all([chain.subnets.neurons(netuid), chain.subnets.subnet(netuid)])
    const own = neurons.find((neuron) => neuron.operator === operator)
    if (own === undefined) {
      throw new WitanError('UNREGISTERED_OPERATOR', 'The validator has lost its slot', { facts: { netuid, operator } })
    }
    const { uid, nodeId, registeredAt } = own
    const forOthers = judged.map((weight, of) => (of === uid ? 0 : weight)) // one for itself would count for nothing
    const weights = limitWeights(forOthers, parameters.maxWeightRatio)
    checkWeightRow({ row: weights, version: WEIGHTS_VERSION }, parameters)
    const slot = { nodeId, registeredAt, version: BigInt(WEIGHTS_VERSION) }
    const salt = bytesToHex(random.bytes(SALT_BYTES))
    const packedRow = packRow(weights)
    const bound = { chainId, consensus, netuid, epoch, ...slot, packedRow, evidenceRoot: ZERO_DIGEST, salt }
    const planned = { epoch, weights, salt, commitment: commitmentHash(bound), ...slot }
    journal.plan(planned)
    return planned
  }

  return {
    name: 'commit',
    phase: commitPhase,
    async run({ epoch, window, now, signal }) {
      const known = journal.find(epoch)
      if (known !== undefined && known.state !== 'planned') return 'done'
      const planned = known ?? (await plan(epoch, signal))
      if (planned === undefined) return 'done'
      try {
        await transactions.submit(chain.intents.commit(netuid, epoch, planned.commitment), {
          idempotenceKey: `commit:${netuid}:${epoch}`,
          deadlineMs: (window.endsAt - now) * 1000,
          signal,
        })
      } catch (error) {
        if (!isWitanError(error, 'NOT_CURRENT_EPOCH')) throw error
        journal.mark(epoch, 'missed')
        throw error
      }
      journal.mark(epoch, 'committed')
      onCommitted(epoch)
      return 'done'
    },
  }
}
