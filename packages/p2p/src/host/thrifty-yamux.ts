import type { MessageStream, StreamMuxer, StreamMuxerFactory } from '@libp2p/interface'
import { yamux } from '@libp2p/yamux'
import type { Uint8ArrayList } from 'uint8arraylist'

/** Half of the window that a stream begins with: the other side never runs out while an update is held back. */
const UPDATE_BYTES = 128 * 1024

/** Layout of a frame header: github.com/hashicorp/yamux/blob/master/spec.md#framing */
const HEADER_BYTES = 12
const TYPE_WINDOW_UPDATE = 1
const TYPE_OFFSET = 1
const FLAGS_OFFSET = 2
const STREAM_OFFSET = 4
const LENGTH_OFFSET = 8

/** Streams with held updates above which those of streams long closed are looked for. */
const SWEEP_ABOVE = 128

/**
 * Yamux that sends a window update for every 128 KiB received. The library sends one for every frame: a small request
 * would be followed by an encrypted packet that says nothing, a third of its cost.
 */
export function thriftyYamux(init: Parameters<typeof yamux>[0]) {
  return (): StreamMuxerFactory => {
    const factory = yamux(init)()
    return {
      protocol: factory.protocol,
      createStreamMuxer(connection) {
        const muxer: StreamMuxer = factory.createStreamMuxer(holdWindowUpdates(connection, () => muxer))
        return muxer
      },
    }
  }
}

function holdWindowUpdates(connection: MessageStream, muxer: () => StreamMuxer): MessageStream {
  const { send } = connection
  /** Bytes to grant, by stream. */
  const held = new Map<number, number>()

  const sweep = () => {
    const open = new Set(muxer().streams.map(({ id }) => Number(id)))
    for (const stream of held.keys()) if (!open.has(stream)) held.delete(stream)
  }

  connection.send = (data: Uint8Array | Uint8ArrayList) => {
    if (!(data instanceof Uint8Array) || !isPlainWindowUpdate(data)) return send.call(connection, data)
    const header = new DataView(data.buffer, data.byteOffset, HEADER_BYTES)
    const stream = header.getUint32(STREAM_OFFSET)
    const due = (held.get(stream) ?? 0) + header.getUint32(LENGTH_OFFSET)
    if (due < UPDATE_BYTES) {
      held.set(stream, due)
      if (held.size > SWEEP_ABOVE) sweep()
      return !connection.writableNeedsDrain
    }
    held.delete(stream)
    header.setUint32(LENGTH_OFFSET, due)
    return send.call(connection, data)
  }
  return connection
}

/** Without flags: one that opens, acknowledges or closes a stream must go out. */
function isPlainWindowUpdate(frame: Uint8Array): boolean {
  return (
    frame.length === HEADER_BYTES &&
    frame[TYPE_OFFSET] === TYPE_WINDOW_UPDATE &&
    frame[FLAGS_OFFSET] === 0 &&
    frame[FLAGS_OFFSET + 1] === 0
  )
}
