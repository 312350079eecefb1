import { encodeInferFrame, type InferFrame, type InferRequest } from '@witan/protocol'
import { FrameChannel } from '../../src/framing/frame-channel.js'
import { inferProtocol } from '../../src/index.js'
import { clock, networkName, requestOf, type TestNode } from './network.js'

export const protocol = inferProtocol(networkName)

export interface RawStream {
  readonly received: Uint8Array[]
  send(frame: InferFrame): void
  sendBytes(frame: Uint8Array): void
  close(): void
  readonly closed: Promise<void>
}

/** An infer stream without any of the client's manners. */
export async function openRawStream(from: TestNode, to: TestNode): Promise<RawStream> {
  const stream = await from.host.open(protocol, to.target, clock.timeout(10_000))
  const received: Uint8Array[] = []
  const { promise: closed, resolve } = Promise.withResolvers<void>()
  const channel = new FrameChannel(
    stream,
    { maxFrameBytes: 1 << 20, pauseAboveBytes: 1 << 20 },
    { onFrame: (frame) => received.push(frame), onClose: () => resolve() },
  )
  if (stream.status !== 'open') resolve()
  const sendBytes = (frame: Uint8Array) => channel.send(frame)
  return {
    received,
    closed,
    sendBytes,
    close: () => channel.close(),
    send: (frame) => sendBytes(encodeInferFrame(frame)),
  }
}

/** A request as it travels. */
export function wireRequest(inputLength: number, input: Uint8Array = new Uint8Array(0)): InferRequest {
  return { ...requestOf(), inputLength, input }
}
