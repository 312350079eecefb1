import { type EpochInput, type Row, unpackRow, unpackWords } from '@witan/protocol'
import { type Snapshot, uidsOf } from './reads/read-consensus.js'

const CELLS_PER_WORD = 16

/** The last settlement before an epoch. */
export interface SettledBefore {
  /** T, unix seconds. */
  readonly endsAt: number
  readonly uids: number
  readonly permits: readonly number[]
}

/** `IConsensus.Votes`, and who the votes are of. */
export interface EpochVotes {
  readonly committedAt: readonly bigint[]
  readonly rowWords: number
  readonly rows: readonly bigint[]
  readonly bonds: readonly bigint[]
}

export interface EpochFacts {
  readonly snapshot: Snapshot
  /** Undefined when the epoch is the first one settled. */
  readonly before: SettledBefore | undefined
  readonly votes: EpochVotes
  /** Uids that committed in the epoch and did not reveal. */
  readonly withheld: readonly number[]
}

/** Uids whose votes settle the epoch, in the order of `votes`: a slot that changed hands lost its permit. */
export function votersOf({ before, snapshot }: Pick<EpochFacts, 'before' | 'snapshot'>): number[] {
  if (before === undefined) return uidsOf(snapshot.newPermits)
  const registeredAt = timesOf(snapshot)
  return before.permits.filter((uid) => registeredAt[uid]! < before.endsAt)
}

/** What a settlement computes from, as the protocol's rules take it. */
export function toEpochInput(facts: EpochFacts): EpochInput {
  const { snapshot, before, votes } = facts
  const { terms, uids } = snapshot
  const registeredAt = timesOf(snapshot)
  const voters = votersOf(facts)
  const row = perUid<Row>(uids, [])
  const committedAt = perUid(uids, 0)
  const lastUpdate = [...registeredAt]
  voters.forEach((uid, voter) => {
    row[uid] = unpackRow(votes.rows.slice(voter * votes.rowWords, (voter + 1) * votes.rowWords), uids)
    committedAt[uid] = Number(votes.committedAt[voter] ?? 0n)
    if (committedAt[uid] !== 0) lastUpdate[uid] = committedAt[uid]
  })
  return {
    kappa: terms.kappa,
    bondsPenalty: terms.bondsPenalty,
    bondsAlphaPpm: terms.bondsAlpha,
    liquidAlpha: terms.liquidAlpha
      ? { low: terms.alphaLow, high: terms.alphaHigh, steepness: terms.alphaSteepness }
      : undefined,
    endsAt: terms.end,
    activityCutoff: Number(terms.activityCutoff),
    // A slot that changed hands at the end itself was its former holder's in that epoch.
    lastSettledEnd: before === undefined ? 0 : before.endsAt - 1,
    permits: flags(uids, voters),
    newPermits: flags(uids, uidsOf(snapshot.newPermits)),
    withheld: flags(uids, facts.withheld),
    stake: unpackWords(snapshot.stakes, 32, uids).map(Number),
    registeredAt,
    lastUpdate,
    committedAt,
    rows: row,
    bonds: bondRows(uids, before, votes.bonds),
  }
}

/** The bonds of a result as the contract stores them: a row of words for every holder of the new permits. */
export function packBonds(rows: readonly Row[], newPermits: readonly number[], uids: number): bigint[] {
  const words = Math.ceil(uids / CELLS_PER_WORD)
  return newPermits.flatMap((uid) => {
    const cells = rows[uid] ?? []
    return Array.from({ length: words }, (_, word) =>
      cells
        .slice(word * CELLS_PER_WORD, (word + 1) * CELLS_PER_WORD)
        .reduceRight((packed, cell) => (packed << 16n) | BigInt(cell), 0n),
    )
  })
}

function bondRows(uids: number, before: SettledBefore | undefined, words: readonly bigint[]): Row[] {
  const rows = perUid<Row>(uids, [])
  if (before === undefined) return rows
  const rowWords = Math.ceil(before.uids / CELLS_PER_WORD)
  before.permits.forEach((uid, index) => {
    rows[uid] = unpackRow(words.slice(index * rowWords, (index + 1) * rowWords), before.uids)
  })
  return rows
}

/** Unix seconds; a vacant slot's is past every safe number and stands for "later than any vote". */
function timesOf({ registeredAt, uids }: Snapshot): number[] {
  return unpackWords(registeredAt, 64, uids).map((time) => Math.min(Number(time), Number.MAX_SAFE_INTEGER))
}

function flags(uids: number, members: readonly number[]): boolean[] {
  const set = new Set(members)
  return Array.from({ length: uids }, (_, uid) => set.has(uid))
}

function perUid<T>(uids: number, value: T): T[] {
  return new Array<T>(uids).fill(value)
}
