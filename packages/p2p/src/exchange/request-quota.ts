import type { Address } from '@witan/protocol'
import type { Clock } from '@witan/runtime'

const WINDOW_MS = 60_000

/** So many requests a minute from each peer, counted in windows of a minute. */
export class RequestQuota {
  readonly #perMinute: number
  readonly #clock: Pick<Clock, 'monotonicMs'>
  readonly #counts = new Map<Address, number>()
  #windowEndsMs = 0

  constructor(perMinute: number, { clock }: { clock: Pick<Clock, 'monotonicMs'> }) {
    this.#perMinute = perMinute
    this.#clock = clock
  }

  /** Counts one request; false when the peer has used up its share. */
  take(operator: Address): boolean {
    const nowMs = this.#clock.monotonicMs()
    if (nowMs >= this.#windowEndsMs) {
      this.#counts.clear()
      this.#windowEndsMs = nowMs + WINDOW_MS
    }
    const count = this.#counts.get(operator) ?? 0
    if (count >= this.#perMinute) return false
    this.#counts.set(operator, count + 1)
    return true
  }
}
