/** A small seeded generator (xorshift32): the same seed gives the same cases everywhere. */
export class RandomBytes {
  #state: number

  constructor(seed: number) {
    this.#state = seed | 1
  }

  uint32(): number {
    let x = this.#state
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    this.#state = x
    return x >>> 0
  }

  below(limit: number): number {
    return this.uint32() % limit
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.uint32() >>> 24)
  }
}
