import { type Address, type InferRequest, WitanError } from '@witan/protocol'
import type { Clock } from '@witan/runtime'
import type { InferLimits } from './infer-limits.js'
import { PeerLoad } from './peer-load.js'

export interface CallGateModules {
  readonly clock: Pick<Clock, 'nowMs'>
  admit(operator: Address): boolean
}

/** Decides about a call when its first frame is there, before anything is stored for it. */
export class CallGate {
  readonly load: PeerLoad
  readonly #limits: InferLimits
  readonly #modules: CallGateModules
  #closed = false

  constructor(limits: InferLimits, modules: CallGateModules) {
    this.load = new PeerLoad(limits)
    this.#limits = limits
    this.#modules = modules
  }

  open(): void {
    this.#closed = false
  }

  /** Lets nobody in any more. */
  close(): void {
    this.#closed = true
  }

  /** Why the call is refused; when it is not, it has its place in `load`. */
  enter(operator: Address, request: InferRequest): WitanError | undefined {
    if (this.#closed) return new WitanError('HOST_STOPPING', 'The host is stopping')
    if (!this.#modules.admit(operator)) {
      return new WitanError('NOT_ADMITTED', 'The operator is not admitted', { facts: { operator } })
    }
    const fault = this.#checkBounds(request)
    if (fault !== undefined || this.load.enter(operator, request.inputLength)) return fault
    const { maxCallsPerPeer } = this.#limits
    return new WitanError('BUSY', 'The peer has as much in progress as it may', { facts: { maxCallsPerPeer } })
  }

  #checkBounds({ deadline, inputLength }: InferRequest): WitanError | undefined {
    const { maxInputBytes, maxDeadlineMs } = this.#limits
    if (inputLength > maxInputBytes) {
      const facts = { bytes: inputLength, maxBytes: maxInputBytes }
      return new WitanError('MESSAGE_TOO_LARGE', 'The input is larger than this miner takes', { facts })
    }
    const leftMs = deadline - this.#modules.clock.nowMs()
    if (leftMs > 0 && leftMs <= maxDeadlineMs) return undefined
    const facts = { leftMs, maxMs: maxDeadlineMs }
    return new WitanError('DEADLINE_EXCEEDED', 'The deadline has passed or lies too far ahead', { facts })
  }
}
