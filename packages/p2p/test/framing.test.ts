import { setImmediate } from 'node:timers/promises'
import { createSeededRandom } from '@witan/runtime'
import t from 'tap'
import { FrameReader } from '../src/framing/frame-reader.js'
import { FrameWriter } from '../src/framing/frame-writer.js'
import { frameOf } from '../src/framing/single-frame.js'

const random = createSeededRandom('framing')

function collect(maxFrameBytes = 1 << 20) {
  const frames: Uint8Array[] = []
  return { frames, reader: new FrameReader({ maxFrameBytes }, (frame) => frames.push(frame)) }
}

t.test('frames come out whole however the stream is cut', async (t) => {
  const sent = [0, 1, 127, 128, 300, 16_383, 16_384, 70_000].map((size) => random.bytes(size))
  const wire = Buffer.concat(sent.map(frameOf))
  for (const cut of [1, 7, 1000, wire.length]) {
    const { frames, reader } = collect()
    for (let offset = 0; offset < wire.length; offset += cut) reader.push(wire.subarray(offset, offset + cut))
    t.equal(frames.length, sent.length)
    t.ok(frames.every((frame, index) => Buffer.compare(frame, sent[index]!) === 0))
    t.ok(reader.idle)
  }
})

t.test('a frame inside one segment is a view, not a copy', async (t) => {
  const { frames, reader } = collect()
  const wire = frameOf(random.bytes(1000))
  reader.push(wire)
  t.equal(frames[0]!.buffer, wire.buffer)
})

t.test('bounds are checked on the prefix, before anything is stored', async (t) => {
  t.throws(() => collect(100).reader.push(frameOf(new Uint8Array(101))), { code: 'MESSAGE_TOO_LARGE' })
  t.throws(() => collect().reader.push(new Uint8Array([0xff, 0xff, 0xff, 0xff, 1])), { code: 'MESSAGE_MALFORMED' })
})

/** A stream that takes what it is given until told to be full. */
function recordingStream() {
  const sends: Uint8Array[] = []
  const listeners: (() => void)[] = []
  return {
    sends,
    writableNeedsDrain: false,
    writeBufferLength: 0,
    send(data: Uint8Array | { subarray(): Uint8Array }) {
      sends.push(data.subarray())
      return !this.writableNeedsDrain
    },
    addEventListener(_type: 'drain' | 'idle', listener: () => void) {
      listeners.push(listener)
    },
    drain() {
      for (const listener of listeners) listener()
    },
  }
}

const ignored = { onError: () => {}, onIdle: () => {} }

function framesIn(wire: Uint8Array): Uint8Array[] {
  const { frames, reader } = collect()
  reader.push(wire)
  return frames
}

t.test('what is due in one turn goes out as one write', async (t) => {
  const stream = recordingStream()
  const writer = new FrameWriter(stream, ignored)
  for (let index = 0; index < 32; index++) writer.send(Buffer.concat([Uint8Array.of(index), random.bytes(300)]))
  t.equal(stream.sends.length, 0)
  await setImmediate()
  t.equal(stream.sends.length, 1)
  t.same(
    framesIn(stream.sends[0]!).map((frame) => frame[0]),
    Array.from({ length: 32 }, (_, index) => index),
  )
  t.equal(writer.queuedBytes, 0)
})

t.test('sources take turns and small frames go before them', async (t) => {
  const stream = recordingStream()
  const writer = new FrameWriter(stream, ignored)
  const source = (mark: number, count: number) => {
    let left = count
    return { next: () => (left-- > 0 ? new Uint8Array(50_000).fill(mark) : undefined) }
  }
  writer.offer(source(1, 3))
  writer.offer(source(2, 3))
  writer.send(Uint8Array.of(9))
  await setImmediate()
  await setImmediate()
  t.same(
    stream.sends.flatMap((wire) => framesIn(wire)).map((frame) => frame[0]),
    [9, 1, 2, 1, 2, 1, 2],
  )
})

t.test('a full load of small frames does not wait for the end of the turn', async (t) => {
  const stream = recordingStream()
  const writer = new FrameWriter(stream, ignored)
  for (let index = 0; index < 64; index++) writer.send(random.bytes(300))
  t.equal(stream.sends.length, 1)
  await setImmediate()
  t.equal(stream.sends.length, 2)
  t.equal(stream.sends.flatMap((wire) => framesIn(wire)).length, 64)
})

t.test('a full stream is left alone until it has passed everything on', async (t) => {
  const stream = recordingStream()
  const writer = new FrameWriter(stream, ignored)
  writer.send(Uint8Array.of(1))
  await setImmediate()
  stream.writableNeedsDrain = true
  writer.send(Uint8Array.of(2))
  await setImmediate()
  t.equal(stream.sends.length, 1)
  t.ok(writer.queuedBytes > 0)
  stream.writableNeedsDrain = false
  stream.writeBufferLength = 10
  stream.drain()
  await setImmediate()
  t.equal(stream.sends.length, 1, 'the connection drained, the stream still holds bytes')
  stream.writeBufferLength = 0
  stream.drain()
  await setImmediate()
  t.equal(stream.sends.length, 2)
})

t.test('a stream that refuses a write ends the writer', async (t) => {
  const failure = new Error('closed')
  const errors: unknown[] = []
  const stream = {
    writableNeedsDrain: false,
    writeBufferLength: 0,
    send(): boolean {
      throw failure
    },
    addEventListener() {},
  }
  const writer = new FrameWriter(stream, { onError: (error) => errors.push(error), onIdle: () => {} })
  writer.send(Uint8Array.of(1))
  await setImmediate()
  writer.send(Uint8Array.of(2))
  await setImmediate()
  t.same(errors, [failure])
})
