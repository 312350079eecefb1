import type { Hex } from '@witan/protocol'
import type { Database } from '@witan/runtime'

/** `missed`: it can no longer be revealed. */
export type CommitmentState = 'planned' | 'committed' | 'revealed' | 'missed'

/** What a validator committed to in an epoch: enough to commit again, and to reveal, after any crash. */
export interface PlannedCommitment {
  readonly epoch: number
  /** By uid, multiples of 1/65535. */
  readonly weights: readonly number[]
  readonly salt: Hex
  readonly commitment: Hex
  readonly nodeId: bigint
  /** Unix seconds. */
  readonly registeredAt: number
  readonly version: bigint
}

export interface JournaledCommitment extends PlannedCommitment {
  readonly state: CommitmentState
}

export interface CommitmentJournal {
  /** Once an epoch: a second one throws, so that no epoch ever has two. */
  plan(commitment: PlannedCommitment): void
  find(epoch: number): JournaledCommitment | undefined
  mark(epoch: number, state: CommitmentState): void
  /** Epochs before `epoch` whose row is not revealed and not given up. */
  openBefore(epoch: number): number[]
  /** The newest epoch in one of the states. */
  lastIn(...states: readonly CommitmentState[]): number | undefined
}

interface CommitmentRow {
  readonly epoch: number
  readonly weights: string
  readonly salt: Hex
  readonly commitment: Hex
  readonly nodeId: string
  readonly registeredAt: number
  readonly version: string
  readonly state: CommitmentState
}

export function openCommitmentJournal(database: Database): CommitmentJournal {
  const insert = database.prepare<[number, string, string, string, string, number, string]>(
    `INSERT INTO commitments (epoch, weights, salt, commitment, node_id, registered_at, version, state)
     VALUES (?, ?, ?, ?, ?, ?, ?, 'planned')`,
  )
  const select = database.prepare<[number], CommitmentRow>(
    `SELECT epoch, weights, salt, commitment, node_id AS nodeId, registered_at AS registeredAt, version, state
     FROM commitments WHERE epoch = ?`,
  )
  const update = database.prepare<[string, number]>('UPDATE commitments SET state = ? WHERE epoch = ?')
  const selectOpen = database.prepare<[number], { epoch: number }>(
    `SELECT epoch FROM commitments WHERE epoch < ? AND state IN ('planned', 'committed') ORDER BY epoch`,
  )
  const selectLast = database.prepare<[string], { epoch: number | null }>(
    'SELECT max(epoch) AS epoch FROM commitments WHERE state IN (SELECT value FROM json_each(?))',
  )
  return {
    plan: ({ epoch, weights, salt, commitment, nodeId, registeredAt, version }) =>
      void insert.run(epoch, JSON.stringify(weights), salt, commitment, `${nodeId}`, registeredAt, `${version}`),
    find(epoch) {
      const row = select.get(epoch)
      if (row === undefined) return undefined
      return {
        ...row,
        weights: JSON.parse(row.weights) as number[],
        nodeId: BigInt(row.nodeId),
        version: BigInt(row.version),
      }
    },
    mark: (epoch, state) => void update.run(state, epoch),
    openBefore: (epoch) => selectOpen.all(epoch).map((row) => row.epoch),
    lastIn: (...states) => selectLast.get(JSON.stringify(states))?.epoch ?? undefined,
  }
}
