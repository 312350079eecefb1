/** The only source of chance in the product. */
export interface Random {
  bytes(length: number): Uint8Array
}

/** A source with the usual draws on top of its bytes. */
export interface DrawingRandom extends Random {
  /** Uniform in [0, 2³²). */
  nextUint32(): number
  /** Uniform integer in [0, bound), without modulo bias; `bound` is 1 to 2³². */
  below(bound: number): number
  /** Uniform in [0, 1) with 53 bits. */
  float(): number
  /** A shuffled copy. */
  shuffle<T>(items: readonly T[]): T[]
}
