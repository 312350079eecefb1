import {
  decodeInferFrame,
  encodeInferFrame,
  INFER_PROTOCOL,
  type InferFrame,
  type InferRequest,
  isWitanError,
  WitanError,
} from '@witan/protocol'
import type { Clock, Logger } from '@witan/runtime'
import type { FrameChannel } from '../framing/frame-channel.js'
import type { RemotePeer } from '../host/peer.js'
import type { P2pMetrics } from '../metrics.js'
import type { CallGate } from './call-gate.js'
import type { InferAnswer } from './infer-answer.js'
import type { InferLimits } from './infer-limits.js'
import type { InferHandler } from './infer-server.js'
import { PayloadSender } from './payload-sender.js'
import { ServerCall } from './server-call.js'

export interface ServerSessionModules {
  readonly gate: CallGate
  readonly handler: InferHandler
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: P2pMetrics
}

/** Refusals after which the same request may succeed at the same miner. */
const RETRYABLE: ReadonlySet<string> = new Set(['BUSY', 'HOST_STOPPING'])

/** The serving end of one infer stream. */
export class ServerSession {
  readonly #peer: RemotePeer
  readonly #limits: InferLimits
  readonly #modules: ServerSessionModules
  readonly #channel: FrameChannel
  readonly #calls = new Map<number, ServerCall>()
  #lastId = 0

  constructor(peer: RemotePeer, limits: InferLimits, channel: FrameChannel, modules: ServerSessionModules) {
    this.#peer = peer
    this.#limits = limits
    this.#channel = channel
    this.#modules = modules
  }

  /** Throws when the peer broke the protocol. */
  receive(bytes: Uint8Array): void {
    const frame = decodeInferFrame(bytes)
    if (frame.kind === 'request') this.#open(frame.call, frame.body)
    else this.#continue(frame)
  }

  #continue(frame: Exclude<InferFrame, { kind: 'request' }>): void {
    const call = this.#calls.get(frame.call)
    // Frames on their way when a call ended are dropped; those of a call that never was are a fault.
    if (call === undefined && frame.call > this.#lastId) throw unexpected(frame)
    if (frame.kind === 'chunk') this.#push(call, frame.body.data)
    else if (frame.kind === 'credit') call?.sender?.grant(frame.body.bytes)
    else if (frame.kind === 'cancel') this.#cancel(call)
    else throw unexpected(frame)
  }

  /** The peer has gone: nobody waits for the answers any more. */
  abandon(): void {
    const reason = new WitanError('PEER_DISCONNECTED', 'The peer closed the stream')
    for (const call of this.#calls.values()) this.#end(call, reason)
  }

  /** The server stops: every call still open fails, and the peer is told. */
  stop(): void {
    for (const call of this.#calls.values()) this.#fail(call, new WitanError('HOST_STOPPING', 'The host is stopping'))
    this.#channel.close()
  }

  #open(id: number, request: InferRequest): void {
    if (id <= this.#lastId) {
      throw new WitanError('MESSAGE_MALFORMED', 'A call number is used again', { facts: { call: id } })
    }
    this.#lastId = id
    const { gate, metrics } = this.#modules
    const refusal = gate.enter(this.#peer.operator, request)
    if (refusal === undefined) {
      this.#begin(id, request)
      return
    }
    metrics.calls.increment({ side: 'server', result: refusal.code })
    this.#sendFailure(id, refusal)
  }

  #begin(id: number, request: InferRequest): void {
    const { clock, metrics } = this.#modules
    metrics.payloadBytes.observe(request.inputLength, { direction: 'in' })
    const call = new ServerCall({
      id,
      operator: this.#peer.operator,
      request,
      arrivedAtMs: clock.nowMs(),
      startedMs: clock.monotonicMs(),
      grant: (bytes) => this.#send({ call: id, kind: 'credit', body: { bytes } }),
    })
    call.stopDeadline = clock.schedule(request.deadline - call.arrivedAtMs, () => this.#expire(call))
    this.#calls.set(id, call)
    if (call.complete) void this.#run(call)
  }

  #push(call: ServerCall | undefined, chunk: Uint8Array): void {
    if (call === undefined) return
    call.push(chunk)
    if (call.complete) void this.#run(call)
  }

  async #run(call: ServerCall): Promise<void> {
    try {
      const answer = await this.#modules.handler(call)
      if (!call.ended) this.#answer(call, answer)
    } catch (error) {
      if (!call.ended) this.#fail(call, error)
    }
  }

  #answer(call: ServerCall, { output, closing }: InferAnswer): void {
    if (output.length > this.#limits.maxOutputBytes) throw new Error('an output is larger than the protocol allows')
    this.#modules.metrics.payloadBytes.observe(output.length, { direction: 'out' })
    if (output.length <= INFER_PROTOCOL.maxInlineBytes) {
      this.#send({ call: call.id, kind: 'closing', body: { ...closing, output } })
      this.#end(call)
    } else {
      this.#hold(call, output.length)
      this.#sendInChunks(call, { output, closing })
    }
  }

  #sendInChunks(call: ServerCall, { output, closing }: InferAnswer): void {
    call.sender = new PayloadSender(
      {
        call: call.id,
        payload: output,
        closing: { call: call.id, kind: 'closing', body: closing },
        onSent: () => this.#end(call),
      },
      this.#channel,
    )
    call.sender.start()
  }

  #fail(call: ServerCall, error: unknown): void {
    const { logger } = this.#modules
    if (!isWitanError(error)) logger.error({ err: error, operator: call.operator }, 'infer handler failed')
    this.#sendFailure(call.id, error)
    this.#end(call, error)
  }

  #sendFailure(id: number, error: unknown): void {
    const { retryAfterMs } = this.#limits
    const body = isWitanError(error)
      ? { code: error.code, message: error.message, retryAfterMs: RETRYABLE.has(error.code) ? retryAfterMs : 0 }
      : { code: 'INTERNAL', message: '', retryAfterMs: 0 }
    this.#send({ call: id, kind: 'failure', body })
  }

  #send(frame: InferFrame): void {
    this.#channel.send(encodeInferFrame(frame))
  }

  #expire(call: ServerCall): void {
    this.#fail(call, new WitanError('DEADLINE_EXCEEDED', 'The deadline of the call has passed'))
  }

  #cancel(call: ServerCall | undefined): void {
    if (call !== undefined) this.#end(call, new WitanError('CALL_CANCELLED', 'The peer cancelled the call'))
  }

  /** From now on the call holds `bytes` instead of its input. */
  #hold(call: ServerCall, bytes: number): void {
    this.#modules.gate.load.resize(call.operator, bytes - call.heldBytes)
    call.heldBytes = bytes
  }

  #end(call: ServerCall, error?: unknown): void {
    if (call.ended) return
    call.ended = true
    call.stopDeadline?.()
    this.#calls.delete(call.id)
    const { clock, gate, metrics } = this.#modules
    gate.load.leave(call.operator, call.heldBytes)
    metrics.callSeconds.observe((clock.monotonicMs() - call.startedMs) / 1000, { side: 'server' })
    metrics.calls.increment({ side: 'server', result: resultOf(error) })
    if (error !== undefined) call.abort(error)
  }
}

function resultOf(error: unknown): string {
  if (error === undefined) return 'ok'
  return isWitanError(error) ? error.code : 'INTERNAL'
}

function unexpected(frame: InferFrame): WitanError {
  return new WitanError('MESSAGE_MALFORMED', 'A frame does not fit the state of its call', {
    facts: { kind: frame.kind, call: frame.call },
  })
}
