import { maxUpscale } from '@witan/protocol'

/** What a copier commits, from the honest rows of an epoch whose reveals it has seen and their stakes. */
const COPY = {
  row: ({ rows }) => rows[0],
  mean: ({ rows, stakes }) => maxUpscale(weightedMean(rows.map(normalised), stakes)),
  consensus: ({ consensus }) => maxUpscale(consensus.map(Number)),
}

export const COPIERS = Object.keys(COPY)

/** `seen` is that epoch's `{ rows, stakes, consensus }`; nothing seen yet is no row. */
export function copiedRow(copier, seen) {
  return seen === undefined ? [] : COPY[copier](seen)
}

function normalised(row) {
  const total = row.reduce((sum, cell) => sum + cell, 0)
  return row.map((cell) => (total === 0 ? 0 : cell / total))
}

function weightedMean(rows, stakes) {
  const total = stakes.reduce((sum, stake) => sum + stake, 0)
  return rows[0].map((_, uid) => rows.reduce((sum, row, index) => sum + (row[uid] * stakes[index]) / total, 0))
}
