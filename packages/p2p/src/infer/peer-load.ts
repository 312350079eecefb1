import type { Address } from '@witan/protocol'
import type { Clock } from '@witan/runtime'
import type { InferLimits } from './infer-limits.js'

interface Load {
  calls: number
  bytes: number
}

type LoadLimits = Pick<InferLimits, 'maxCallsPerPeer' | 'maxBytesPerPeer' | 'maxBytes'>

/** What the peers have in progress, over all their streams; nothing is buffered for a call before it has its place here. */
export class PeerLoad {
  readonly #limits: LoadLimits
  readonly #loads = new Map<Address, Load>()
  #calls = 0
  #bytes = 0
  #onIdle: (() => void) | undefined

  constructor(limits: LoadLimits) {
    this.#limits = limits
  }

  get calls(): number {
    return this.#calls
  }

  /** Takes a place with `bytes` of memory, or returns false when the peer or the host has none left. */
  enter(operator: Address, bytes: number): boolean {
    const load = this.#loads.get(operator) ?? { calls: 0, bytes: 0 }
    if (load.calls >= this.#limits.maxCallsPerPeer) return false
    if (load.bytes + bytes > this.#limits.maxBytesPerPeer || this.#bytes + bytes > this.#limits.maxBytes) return false
    load.calls++
    this.#calls++
    this.#loads.set(operator, load)
    this.resize(operator, bytes)
    return true
  }

  /** The memory of a call in progress grows or shrinks. */
  resize(operator: Address, bytes: number): void {
    const load = this.#loads.get(operator)
    if (load === undefined) return
    load.bytes += bytes
    this.#bytes += bytes
  }

  leave(operator: Address, bytes: number): void {
    const load = this.#loads.get(operator)
    if (load === undefined) return
    this.resize(operator, -bytes)
    this.#calls--
    if (--load.calls === 0) this.#loads.delete(operator)
    if (this.#calls === 0) this.#onIdle?.()
  }

  /** Resolves when no call is in progress, or after `graceMs`. */
  async whenIdle(clock: Pick<Clock, 'schedule'>, graceMs: number): Promise<void> {
    if (this.#calls === 0) return
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#onIdle = resolve
    const stopWaiting = clock.schedule(graceMs, resolve)
    await promise
    stopWaiting()
  }
}
