import type { Stream } from '@libp2p/interface'
import { WitanError } from '@witan/protocol'
import { FrameReader } from './frame-reader.js'
import { segmentsOf } from './segments.js'
import { prefixSize, writePrefix } from './varint.js'

/** Sends one message with its length in front; `PEER_DISCONNECTED` when the stream has ended. */
export function sendFrame(stream: Stream, message: Uint8Array): void {
  try {
    stream.send(frameOf(message))
  } catch (cause) {
    throw new WitanError('PEER_DISCONNECTED', 'The stream ended before the message was sent', { cause })
  }
}

/** A message with its length in front. */
export function frameOf(message: Uint8Array): Uint8Array {
  const size = prefixSize(message.length)
  const frame = new Uint8Array(size + message.length)
  frame.set(message, writePrefix(frame, 0, message.length))
  return frame
}

/** The first frame a stream delivers; `PEER_DISCONNECTED` when it ends before, else the signal's reason. */
export function receiveFrame(stream: Stream, maxFrameBytes: number, signal: AbortSignal): Promise<Uint8Array> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>()
  const reader = new FrameReader({ maxFrameBytes }, resolve)
  const onMessage = ({ data }: { data: Parameters<typeof segmentsOf>[0] }) => {
    try {
      for (const segment of segmentsOf(data)) reader.push(segment)
    } catch (error) {
      reject(error)
    }
  }
  const onEnd = () => reject(new WitanError('PEER_DISCONNECTED', 'The stream ended before the message was complete'))
  const onAbort = () => reject(signal.reason)
  stream.addEventListener('message', onMessage)
  stream.addEventListener('remoteCloseWrite', onEnd)
  stream.addEventListener('close', onEnd)
  signal.addEventListener('abort', onAbort)
  if (stream.status !== 'open') onEnd()
  return promise.finally(() => {
    stream.removeEventListener('message', onMessage)
    stream.removeEventListener('remoteCloseWrite', onEnd)
    stream.removeEventListener('close', onEnd)
    signal.removeEventListener('abort', onAbort)
  })
}
