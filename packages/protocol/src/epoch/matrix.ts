/** One row a voter, one column a uid, stored row after row. A cell is a multiple of 2^-30. */
export interface Matrix {
  readonly voters: number
  readonly uids: number
  readonly cells: Int32Array
}

/** As `Matrix`; a cell is high · 2^32 + low, the unit 1 / (2^20 · 65535 · 2^28). */
export interface BondMatrix {
  readonly voters: number
  readonly uids: number
  readonly high: Uint32Array
  readonly low: Uint32Array
}
