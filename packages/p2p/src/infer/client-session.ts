import type { Stream } from '@libp2p/interface'
import { type Address, decodeInferFrame, INFER_PROTOCOL, isWitanError, WitanError } from '@witan/protocol'
import type { Clock } from '@witan/runtime'
import { FrameChannel } from '../framing/frame-channel.js'
import type { P2pMetrics } from '../metrics.js'
import { peerFailure } from '../peer-failure.js'
import { type CallCarrier, ClientCall, type InferOptions } from './client-call.js'
import type { InferAnswer, InferHead } from './infer-answer.js'
import { PAUSE_ABOVE_BYTES } from './infer-limits.js'

export interface ClientSessionOptions {
  readonly operator: Address
  readonly maxOutputBytes: number
}

export interface ClientSessionModules {
  readonly clock: Clock
  readonly metrics: P2pMetrics
  /** Once, when the stream has ended; `faulty` when the peer broke the protocol. */
  onClose(faulty: boolean): void
}

/** A call number is a uint32 on the wire. */
const MAX_CALL = 0xffff_ffff

/** The asking end of one infer stream: many calls at a time, told apart by number. */
export class ClientSession implements CallCarrier {
  readonly #options: ClientSessionOptions
  readonly #modules: ClientSessionModules
  readonly channel: FrameChannel
  readonly clock: Clock
  readonly maxOutputBytes: number
  readonly #calls = new Map<number, ClientCall>()
  #lastId = 0
  #lastEndMs = 0
  #stopWatching: (() => void) | undefined

  constructor(stream: Stream, options: ClientSessionOptions, modules: ClientSessionModules) {
    this.#options = options
    this.#modules = modules
    this.clock = modules.clock
    this.maxOutputBytes = options.maxOutputBytes
    this.channel = new FrameChannel(
      stream,
      { maxFrameBytes: INFER_PROTOCOL.maxFrameBytes, pauseAboveBytes: PAUSE_ABOVE_BYTES },
      { onFrame: (frame) => this.#receive(frame), onClose: (fault) => this.#onClose(fault) },
    )
  }

  /** Call numbers are used up; those in progress still end. */
  get spent(): boolean {
    return this.#lastId === MAX_CALL
  }

  call(request: InferHead, input: Uint8Array, options: InferOptions): Promise<InferAnswer> {
    const call = new ClientCall({ id: ++this.#lastId, request, input }, options, this)
    call.start()
    this.#calls.set(call.question.id, call)
    this.#watchIdle()
    return call.result
  }

  onEnd({ question, startedMs }: ClientCall, error?: unknown): void {
    const { metrics } = this.#modules
    this.#calls.delete(question.id)
    this.#lastEndMs = this.clock.monotonicMs()
    metrics.calls.increment({ side: 'client', result: resultOf(error) })
    metrics.callSeconds.observe((this.#lastEndMs - startedMs) / 1000, { side: 'client' })
  }

  close(): void {
    this.channel.close()
  }

  /** One timer for the whole stream instead of one for each pause between calls. */
  #watchIdle(delayMs: number = INFER_PROTOCOL.idleTimeoutMs): void {
    this.#stopWatching ??= this.clock.schedule(delayMs, () => {
      this.#stopWatching = undefined
      const idleMs = this.#calls.size > 0 ? 0 : this.clock.monotonicMs() - this.#lastEndMs
      if (idleMs >= INFER_PROTOCOL.idleTimeoutMs) this.close()
      else this.#watchIdle(INFER_PROTOCOL.idleTimeoutMs - idleMs)
    })
  }

  #receive(bytes: Uint8Array): void {
    const frame = decodeInferFrame(bytes)
    const call = this.#calls.get(frame.call)
    // Frames on their way when a call was given up are dropped; those of a call that never was are a fault.
    if (frame.call > this.#lastId) throw new WitanError('MESSAGE_MALFORMED', 'A frame belongs to no call')
    if (frame.kind === 'chunk') call?.push(frame.body.data)
    else if (frame.kind === 'closing') call?.close(frame.body)
    else if (frame.kind === 'failure') call?.fail(peerFailure(frame.body, this.#options.operator))
    else if (frame.kind === 'credit') call?.grant(frame.body.bytes)
    else throw new WitanError('MESSAGE_MALFORMED', 'A miner does not send such frames', { facts: { kind: frame.kind } })
  }

  #onClose(fault: unknown): void {
    const { operator } = this.#options
    this.#stopWatching?.()
    const faulty = isWitanError(fault)
    const error = faulty
      ? new WitanError('PEER_MISBEHAVED', 'The peer broke the protocol', { facts: { operator }, cause: fault })
      : new WitanError('PEER_DISCONNECTED', 'The connection broke before the answer', { facts: { operator } })
    for (const call of this.#calls.values()) call.fail(error)
    this.#modules.onClose(faulty)
  }
}

/** The value of a metric's label: one of our codes, or that the caller gave up with a reason of its own. */
function resultOf(error: unknown): string {
  if (error === undefined) return 'ok'
  return isWitanError(error) ? error.code : 'ABORTED'
}
